/** How an event pattern compares one value: exactly, or with one of the operators that are known here. */

import { StartError } from '../start-error.ts';

/** Whether a value is one that is looked for. */
export type Test = (value: unknown) => boolean;

type Scalar = string | number | boolean | null;

/** What an operator compares with; `undefined` if it is nothing that it could be compared with. */
type Comparison = (operand: unknown) => Test | undefined;

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
const comparisons = new Map<string, Comparison>([
  ['prefix', onText((text, operand) => text.startsWith(operand))],
  ['suffix', onText((text, operand) => text.endsWith(operand))],
  ['equals-ignore-case', onText((text, operand) => text.toLowerCase() === operand.toLowerCase())],
  ['anything-but', anythingBut],
  ['numeric', numeric],
]);

/** Tells presence from absence, and so is no test of a value. */
export const EXISTS = 'exists';

/** @throws StartError that names an operator which is not known here, and whose pattern it is. */
export function comparison(wanted: unknown, owner: string): Test {
  if (isScalar(wanted)) return (value) => value === wanted;
  const [operator, operand] = onlyEntry(wanted, owner);
  const compare = comparisons.get(operator);
  if (!compare) throw new StartError(`The local runtime does not know the operator ${operator} of ${owner}.`);
  const test = compare(operand);
  if (test) return test;
  throw new StartError(
    `The local runtime does not know what ${operator} of ${owner} is to be compared with: ${JSON.stringify(operand)}.`,
  );
}

/** An operator and what it compares with: `{ prefix: 'a' }`. */
export function onlyEntry(value: unknown, owner: string): [string, unknown] {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const [first, ...rest] = entries;
  if (first && rest.length === 0 && !Array.isArray(value)) return first;
  throw new StartError(
    `The event pattern of ${owner} has ${JSON.stringify(value)}, which is neither a value nor one operator.`,
  );
}

function onText(test: (text: string, operand: string) => boolean): Comparison {
  return (operand) =>
    typeof operand === 'string' ? (value) => typeof value === 'string' && test(value, operand) : undefined;
}

/** A value, several of them, or what begins or ends with a text. */
function anythingBut(operand: unknown): Test | undefined {
  const values = Array.isArray(operand) ? operand : [operand];
  if (values.every(isScalar)) return (value) => isScalar(value) && !values.includes(value);
  const [[operator, text] = ['', undefined], ...rest] = Object.entries(operand ?? {});
  const excluded = rest.length === 0 ? comparisons.get(operator) : undefined;
  const test = typeof text === 'string' ? excluded?.(text) : undefined;
  return test && ((value) => typeof value === 'string' && !test(value));
}

const relations = new Map<unknown, (value: number, bound: number) => boolean>([
  ['<', (value, bound) => value < bound],
  ['<=', (value, bound) => value <= bound],
  ['=', (value, bound) => value === bound],
  ['>=', (value, bound) => value >= bound],
  ['>', (value, bound) => value > bound],
]);

/** One relation or two: `['>', 0, '<=', 5]`. */
function numeric(operand: unknown): Test | undefined {
  if (!Array.isArray(operand) || ![2, 4].includes(operand.length)) return undefined;
  const tests = [0, 2].slice(0, operand.length / 2).map((at) => {
    const relation = relations.get(operand[at]);
    const bound: unknown = operand[at + 1];
    return relation && typeof bound === 'number' ? (value: number) => relation(value, bound) : undefined;
  });
  if (tests.includes(undefined)) return undefined;
  return (value) => typeof value === 'number' && tests.every((test) => test?.(value));
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
