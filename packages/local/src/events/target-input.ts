/** Makes the input of a target: the event, a part of it, a constant, or a filled template. */

import { fillTemplate } from '../languages/input-template.ts';
import { type JsonPath, jsonPath, valueAt } from '../languages/json-path.ts';
import { StartError } from '../start-error.ts';
import type { TargetInput } from '../template/event-bus-model.ts';
import { type BusEvent, wholeSeconds } from './event.ts';

export interface RuleIdentity {
  readonly name: string;
  readonly arn: string;
}

export type InputOf = (event: BusEvent) => unknown;

/** @throws StartError that names a rule whose input cannot be made here. */
export function targetInput(
  { Input, InputPath, InputTransformer }: TargetInput,
  rule: RuleIdentity,
): InputOf {
  if (Input !== undefined) {
    const constant = constantIn(Input, rule);
    return () => constant;
  }
  if (InputPath !== undefined) {
    const path = known(InputPath, rule);
    return (event) => valueAt(event, path);
  }
  if (!InputTransformer) return (event) => event;
  const { InputPathsMap, InputTemplate } = InputTransformer;
  const paths = Object.entries(InputPathsMap).map(([name, path]) => [name, known(path, rule)] as const);
  return (event) =>
    fillTemplate(
      InputTemplate,
      new Map<string, unknown>([
        ...paths.map(([name, path]) => [name, valueAt(event, path)] as const),
        ...predefined(event, rule),
      ]),
    );
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html#eb-transform-input-predefined */
function predefined(event: BusEvent, { name, arn }: RuleIdentity): [string, unknown][] {
  const { detail: _, ...withoutDetail } = event;
  return [
    ['aws.events.rule-arn', arn],
    ['aws.events.rule-name', name],
    ['aws.events.event.ingestion-time', wholeSeconds(Date.now())],
    ['aws.events.event', withoutDetail],
    ['aws.events.event.json', event],
  ];
}

function constantIn(json: string, { name }: RuleIdentity): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new StartError(`The input of a target of ${name} is no JSON.`);
  }
}

function known(text: string, { name }: RuleIdentity): JsonPath {
  const path = jsonPath(text);
  if (path) return path;
  throw new StartError(`The local runtime does not know the path ${text} of the rule ${name}.`);
}
