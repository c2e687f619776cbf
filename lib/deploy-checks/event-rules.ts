/** The event patterns of rules, in the language of EventBridge, read by the matcher of the local runtime. */

import { eventPattern, StartError } from 'fanfare-local/event-pattern';
import { type DeployResource, type DeployTemplate, isRecord } from './deploy-template.ts';
import type { Finding, Mistake } from './finding.ts';
import { intrinsicOf } from './intrinsics.ts';

/** @see https://docs.aws.amazon.com/eventbridge/latest/ref/events-structure.html */
const eventFields: ReadonlySet<string> = new Set([
  '$or',
  'account',
  'detail',
  'detail-type',
  'id',
  'region',
  'resources',
  'source',
  'time',
  'version',
]);

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const MAX_PATTERN_CHARACTERS = 2048;

const PATH = 'Properties.EventPattern';

export function eventRuleFindings({ resources }: DeployTemplate): Finding[] {
  return [...resources.values()]
    .filter(({ type }) => type === 'AWS::Events::Rule')
    .flatMap((rule) => mistakesOf(rule).map((mistake) => ({ resource: rule.id, ...mistake })));
}

function mistakesOf({ id, properties }: DeployResource): readonly Mistake[] {
  const { EventPattern, ScheduleExpression } = properties;
  if (EventPattern === undefined)
    return ScheduleExpression === undefined
      ? [
          {
            path: 'Properties',
            sentence: 'A rule has an event pattern or a schedule, and this one has neither.',
          },
        ]
      : [];
  const pattern = withTexts(EventPattern);
  const { length } = JSON.stringify(pattern);
  const tooLong =
    length > MAX_PATTERN_CHARACTERS
      ? [
          {
            path: PATH,
            sentence: `${length} characters are more than the ${MAX_PATTERN_CHARACTERS} of a pattern.`,
          },
        ]
      : [];
  return [...tooLong, ...languageMistakes(pattern, id), ...fieldMistakes(pattern)];
}

function languageMistakes(pattern: unknown, id: string): readonly Mistake[] {
  try {
    eventPattern(pattern, id);
    return [];
  } catch (error) {
    if (error instanceof StartError) return [{ path: PATH, sentence: error.message }];
    throw error;
  }
}

function fieldMistakes(pattern: unknown): readonly Mistake[] {
  return Object.keys(isRecord(pattern) ? pattern : {})
    .filter((name) => !eventFields.has(name))
    .map((name) => ({ path: PATH, sentence: `An event has no ${name}, so the rule never runs.` }));
}

/** A value that only CloudFormation knows counts as some text. */
function withTexts(value: unknown): unknown {
  if (intrinsicOf(value)) return 'text';
  if (Array.isArray(value)) return value.map(withTexts);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withTexts(one)]));
}
