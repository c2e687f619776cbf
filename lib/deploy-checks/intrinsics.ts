/** The functions that a template may call, and the kind of value of each. */

import { isRecord } from './deploy-template.ts';

/** The kind of value that CloudFormation puts in its place. */
type Result = 'scalar' | 'list' | 'scalar or list' | 'anything';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html */
const results = new Map<string, Result>([
  ['Ref', 'scalar or list'],
  ['Fn::GetAtt', 'scalar or list'],
  ['Fn::Join', 'scalar'],
  ['Fn::Sub', 'scalar'],
  ['Fn::Base64', 'scalar'],
  ['Fn::ImportValue', 'scalar'],
  ['Fn::GetStackOutput', 'scalar'],
  ['Fn::Length', 'scalar'],
  ['Fn::ToJsonString', 'scalar'],
  ['Fn::Split', 'list'],
  ['Fn::GetAZs', 'list'],
  ['Fn::Cidr', 'list'],
  ['Fn::FindInMap', 'anything'],
  ['Fn::Select', 'anything'],
  ['Fn::If', 'anything'],
  ['Fn::Transform', 'anything'],
]);

/** Allowed only in `Conditions`. */
export const conditionFunctions: ReadonlySet<string> = new Set([
  'Fn::And',
  'Fn::Or',
  'Fn::Not',
  'Fn::Equals',
  'Condition',
]);

export interface Intrinsic {
  readonly name: string;
  readonly operand: unknown;
  /** `undefined` for a function that CloudFormation does not know. */
  readonly result: Result | undefined;
}

/** A value that is a call: an object with one key, `Ref` or `Fn::…`. */
export function intrinsicOf(value: unknown): Intrinsic | undefined {
  if (!isRecord(value)) return undefined;
  const [[name, operand] = [], ...rest] = Object.entries(value);
  if (name === undefined || rest.length > 0 || !(name === 'Ref' || name.startsWith('Fn::'))) return undefined;
  return { name, operand, result: results.get(name) };
}

/** `Ref` to it takes a property away. */
const NO_VALUE = 'AWS::NoValue';

/** Whether the value is `AWS::NoValue`, which counts as a missing property. */
export function isNoValue(value: unknown): boolean {
  const intrinsic = intrinsicOf(value);
  return intrinsic?.name === 'Ref' && intrinsic.operand === NO_VALUE;
}

/** The values from which a condition chooses; the value itself if there is no condition. */
export function branchesOf(value: unknown): readonly unknown[] {
  const { name, operand } = intrinsicOf(value) ?? {};
  if (name !== 'Fn::If' || !Array.isArray(operand) || operand.length !== 3) return [value];
  return operand.slice(1).flatMap(branchesOf);
}
