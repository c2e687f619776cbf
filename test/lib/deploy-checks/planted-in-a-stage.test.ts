/** One error of each kind, planted in the template of a real stage: the check that it is for finds it, and no other does. */

import { expect, it } from 'vitest';
import { checks } from '../../../lib/deploy-checks/deploy-findings.ts';
import { type DeployResource, isRecord, readTemplate } from '../../../lib/deploy-checks/deploy-template.ts';
import { templateOf } from '../template.ts';
import { linesOf } from './planted.ts';

const original = readTemplate(templateOf('dev').toJSON());

/** The first resource of a type. */
function first(type: string): DeployResource {
  const found = [...original.resources.values()].find((resource) => resource.type === type);
  if (!found) throw new Error(`The stage has no ${type}`);
  return found;
}

/** The template with changed properties, and with changes beside them, of one resource. */
function planted(id: string, properties: object, beside: object = {}) {
  const resource = original.resources.get(id);
  const changed = { ...resource?.json, Properties: { ...resource?.properties, ...properties }, ...beside };
  const { Resources } = { Resources: {}, ...original.json };
  const others = isRecord(Resources) ? Resources : {};
  return readTemplate(
    JSON.parse(JSON.stringify({ ...original.json, Resources: { ...others, [id]: changed } })),
  );
}

/** The findings of each check that the change causes. */
function newFindings(template: typeof original) {
  return Object.entries(checks).flatMap(([name, find]) => {
    const before = linesOf(find(original));
    const added = linesOf(find(template)).filter((line) => !before.includes(line));
    return added.map((line) => [name, line]);
  });
}

const FUNCTION = first('AWS::Lambda::Function').id;
const MAPPING = first('AWS::Lambda::EventSourceMapping').id;
const RULE = first('AWS::Events::Rule').id;
const TABLE = first('AWS::DynamoDB::GlobalTable').id;
const SECRET = first('AWS::SecretsManager::Secret').id;

const filter = { dynamodb: { Keys: { channel: { S: [{ 'anything-but': { prefix: '@all#' } }] } } } };

it.each<[string, ReturnType<typeof planted>, [string, string]]>([
  [
    'a property of another type',
    planted(FUNCTION, { MemorySize: 'much' }),
    ['schema', `${FUNCTION} Properties.MemorySize: It has to be a whole number, and is "much".`],
  ],
  [
    'a reference to nothing',
    planted(FUNCTION, { Handler: { Ref: 'Handler' } }),
    [
      'references',
      `${FUNCTION} Properties.Handler: Handler is neither a resource nor a parameter of the template.`,
    ],
  ],
  [
    'a filter in the language of EventBridge',
    planted(MAPPING, { FilterCriteria: { Filters: [{ Pattern: JSON.stringify(filter) }] } }),
    [
      'event filters',
      `${MAPPING} Properties.FilterCriteria.Filters.0.Pattern: The event filters of Lambda do not know what anything-but of ${MAPPING} is to be compared with: {"prefix":"@all#"}.`,
    ],
  ],
  [
    'a pattern that no event matches',
    planted(RULE, { EventPattern: { detailType: ['fanfare.publish'] } }),
    ['event rules', `${RULE} Properties.EventPattern: An event has no detailType, so the rule never runs.`],
  ],
  [
    'a reader without an end',
    planted(MAPPING, {
      MaximumRetryAttempts: -1,
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [FUNCTION, 'Arn'] } } },
    }),
    [
      'stream readers',
      `${MAPPING} Properties.MaximumRetryAttempts: A record that fails every time blocks its shard for a day.`,
    ],
  ],
  [
    'a fixed name that is kept',
    planted(SECRET, { Name: 'stage/secret' }, { DeletionPolicy: 'RetainExceptOnCreate' }),
    [
      'a second creation',
      `${SECRET} DeletionPolicy: After a deletion of the stack, it is kept with the fixed name stage/secret; the next creation finds that taken.`,
    ],
  ],
  [
    'a table that is kept at once',
    planted(TABLE, {}, { DeletionPolicy: 'Retain' }),
    [
      'a second creation',
      `${TABLE} DeletionPolicy: A creation that failed leaves it behind, and each further attempt leaves another one.`,
    ],
  ],
  [
    'a reservation',
    planted(FUNCTION, { ReservedConcurrentExecutions: 200 }),
    [
      'quotas',
      `${FUNCTION} Properties.ReservedConcurrentExecutions: It takes 200 executions for itself, and a new account has 10, of which it may take none.`,
    ],
  ],
])('a stage is found with %s', (_what, template, finding) => {
  expect(newFindings(template)).toEqual([finding]);
});
