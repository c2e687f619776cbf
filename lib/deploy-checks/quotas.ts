/** Compares a template with the quotas of new accounts. */

import { type DeployResource, type DeployTemplate, isRecord, listOf, valueAt } from './deploy-template.ts';
import type { Finding, Mistake } from './finding.ts';
import { policySizeFindings } from './policy-sizes.ts';
import { mappingsOf, readsStreamOf } from './table-streams.ts';
import { longestText } from './text-length.ts';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const MAX = { Resources: 500, Parameters: 200, Outputs: 200, Mappings: 200 } as const;

const MAX_TEMPLATE_BYTES = 1_000_000;

/** @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_ENVIRONMENT_BYTES = 4096;

const MAX_TAGS = 50;

export function quotaFindings(template: DeployTemplate): Finding[] {
  const each = [...template.resources.values()].flatMap((resource) =>
    mistakesOf(resource).map((mistake) => ({ resource: resource.id, ...mistake })),
  );
  return [...countFindings(template), ...each, ...readerFindings(template), ...policySizeFindings(template)];
}

function mistakesOf(resource: DeployResource): readonly Mistake[] {
  return (mistakesByType.get(resource.type)?.(resource) ?? []).concat(tagMistakes(resource));
}

const mistakesByType = new Map<string, (resource: DeployResource) => Mistake[]>([
  [
    'AWS::Lambda::Function',
    ({ properties }) => [
      ...reservation('Properties.ReservedConcurrentExecutions', properties['ReservedConcurrentExecutions']),
      ...environmentMistakes(valueAt(properties, 'Environment', 'Variables')),
    ],
  ],
  ['AWS::Lambda::Alias', provisioned],
  ['AWS::Lambda::Version', provisioned],
]);

/**
 * A new account may have ten executions at once, and a reservation has to leave ten to the functions without one, so the first
 * reserved execution makes the creation fail (LF-3). A reservation of 0 only stops its function.
 */
function reservation(path: string, executions: unknown): Mistake[] {
  if (executions === undefined || executions === 0) return [];
  return [
    {
      path,
      sentence: `It takes ${JSON.stringify(executions)} executions for itself, and a new account has 10, of which it may take none.`,
    },
  ];
}

function provisioned({ properties }: DeployResource): Mistake[] {
  const executions = valueAt(properties, 'ProvisionedConcurrencyConfig', 'ProvisionedConcurrentExecutions');
  return reservation('Properties.ProvisionedConcurrencyConfig', executions);
}

function environmentMistakes(variables: unknown): Mistake[] {
  const bytes = longestText(variables ?? {});
  if (bytes <= MAX_ENVIRONMENT_BYTES) return [];
  return [
    {
      path: 'Properties.Environment.Variables',
      sentence: `They may have ${bytes} bytes, and Lambda takes ${MAX_ENVIRONMENT_BYTES}.`,
    },
  ];
}

function tagMistakes({ properties }: DeployResource): Mistake[] {
  const { Tags } = properties;
  const count = isRecord(Tags) ? Object.keys(Tags).length : listOf(Tags).length;
  if (count <= MAX_TAGS) return [];
  return [{ path: 'Properties.Tags', sentence: `${count} tags are more than ${MAX_TAGS}.` }];
}

function countFindings({ resources, parameters, outputs, mappings, json }: DeployTemplate): Finding[] {
  const counts = {
    Resources: resources.size,
    Parameters: Object.keys(parameters).length,
    Outputs: Object.keys(outputs).length,
    Mappings: Object.keys(mappings).length,
  };
  const tooMany = (['Resources', 'Parameters', 'Outputs', 'Mappings'] as const).filter(
    (section) => counts[section] > MAX[section],
  );
  const bytes = Buffer.byteLength(JSON.stringify(json));
  return [
    ...tooMany.map((section) => ({
      resource: section,
      path: '',
      sentence: `A template has at most ${MAX[section]} of them, and this one has ${counts[section]}.`,
    })),
    ...(bytes > MAX_TEMPLATE_BYTES
      ? [{ resource: 'Template', path: '', sentence: `${bytes} bytes are more than ${MAX_TEMPLATE_BYTES}.` }]
      : []),
  ];
}

/**
 * DynamoDB throttles all readers of a shard if it has more than two readers, or more than one in a table with replicas in several regions
 * (LF-2).
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html#Streams.Processing
 */
function readerFindings(template: DeployTemplate): Finding[] {
  const mappings = mappingsOf(template);
  return [...template.resources.values()].flatMap(({ id: table, properties }) => {
    const ofStream = mappings.filter((mapping) => readsStreamOf(mapping, table));
    const most = listOf(properties['Replicas']).length > 1 ? 1 : 2;
    if (ofStream.length <= most) return [];
    const names = ofStream.map(({ id }) => id).join(', ');
    return [
      {
        resource: table,
        path: 'StreamArn',
        sentence: `Its stream has ${ofStream.length} readers, and DynamoDB allows ${most}: ${names}.`,
      },
    ];
  });
}
