/** Evaluates the conditions of a template. */

import { StartError } from '../start-error.ts';
import { type References, resolve } from './intrinsics.ts';

type Evaluate = (argument: unknown, references: References) => boolean;

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-conditions.html */
const operators = new Map<string, Evaluate>([
  ['Condition', (name, { condition }) => isTrue(condition(String(name)), String(name))],
  ['Fn::Equals', (operands, references) => areEqual(resolve(operands, references))],
  ['Fn::Not', (operands, references) => !operandsOf(operands).some((one) => holds(one, references))],
  ['Fn::And', (operands, references) => operandsOf(operands).every((one) => holds(one, references))],
  ['Fn::Or', (operands, references) => operandsOf(operands).some((one) => holds(one, references))],
]);

/** @throws StartError for an unknown condition function. */
export function holds(expression: unknown, references: References): boolean {
  const [[name, argument] = ['', undefined]] = Object.entries(expression ?? {});
  const evaluate = operators.get(name);
  if (evaluate) return evaluate(argument, references);
  throw new StartError(`The local runtime does not know the condition ${name || String(expression)}.`);
}

function areEqual(operands: unknown): boolean {
  const [one, other] = operandsOf(operands);
  return String(one) === String(other);
}

function operandsOf(argument: unknown): readonly unknown[] {
  if (Array.isArray(argument)) return argument;
  throw new StartError('A condition of the template has no list where one belongs.');
}

function isTrue(value: boolean | undefined, name: string): boolean {
  if (value === undefined) throw new StartError(`The template has no condition ${name}.`);
  return value;
}
