/** Computes how long a text of a template may become after CloudFormation has put in its values. */

import { isRecord, listOf } from './deploy-template.ts';
import { branchesOf, intrinsicOf } from './intrinsics.ts';

/** The ARN of a table's stream, with a long name of the stack: 135 characters. */
const LONGEST_REFERENCE = 140;

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html */
const pseudoParameters = new Map<unknown, number>([
  ['AWS::AccountId', '123456789012'.length],
  ['AWS::Partition', 'aws-us-gov'.length],
  ['AWS::Region', 'ap-southeast-1'.length],
  ['AWS::URLSuffix', 'amazonaws.com.cn'.length],
]);

/** Of a value as JSON without spaces; of a text without its quotes. */
export function longestText(value: unknown): number {
  return Math.max(...branchesOf(value).map(longestBranch));
}

function longestBranch(value: unknown): number {
  const intrinsic = intrinsicOf(value);
  if (intrinsic) return longestIntrinsic(intrinsic.name, intrinsic.operand);
  if (typeof value === 'string') return value.length;
  if (Array.isArray(value)) return bracketed(value.map(quoted));
  if (isRecord(value))
    return bracketed(Object.entries(value).map(([key, one]) => quoted(key) + 1 + quoted(one)));
  return JSON.stringify(value)?.length ?? 0;
}

function longestIntrinsic(name: string, operand: unknown): number {
  if (name === 'Ref') return pseudoParameters.get(operand) ?? LONGEST_REFERENCE;
  if (name !== 'Fn::Join') return LONGEST_REFERENCE;
  const [separator, parts] = listOf(operand);
  const lengths = listOf(parts).map(longestText);
  return sum(lengths) + longestText(separator) * Math.max(0, lengths.length - 1);
}

/** A scalar or a call of a function becomes a text, which has quotes. */
function quoted(value: unknown): number {
  const isText = typeof value === 'string' || intrinsicOf(value) !== undefined;
  return longestText(value) + (isText ? 2 : 0);
}

/** With a comma after each element, and a bracket in place of the last one. */
function bracketed(lengths: readonly number[]): number {
  return Math.max(2, sum(lengths) + lengths.length + 1);
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
