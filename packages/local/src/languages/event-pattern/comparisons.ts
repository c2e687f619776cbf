/** The comparisons that event filters of Lambda and event patterns of EventBridge share. */

/** Whether a value matches. */
export type Test = (value: unknown) => boolean;

export type Scalar = string | number | boolean | null;

/** Makes the test of an operator. `undefined` if its operand has the wrong type. */
export type Comparison = (operand: unknown) => Test | undefined;

export function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

/** A comparison of texts. Other values do not match. */
export function onText(test: (text: string, operand: string) => boolean): Comparison {
  return (operand) =>
    typeof operand === 'string' ? (value) => typeof value === 'string' && test(value, operand) : undefined;
}

export const prefix: Comparison = onText((text, operand) => text.startsWith(operand));

export const suffix: Comparison = onText((text, operand) => text.endsWith(operand));

export const equalsIgnoreCase: Comparison = onText(
  (text, operand) => text.toLowerCase() === operand.toLowerCase(),
);

/** Matches every value that is not in the list. A list holds only texts or only numbers. */
export const anythingButListed: Comparison = (operand) => {
  if (!Array.isArray(operand) || operand.length === 0) return undefined;
  const kinds = new Set(operand.map((one) => typeof one));
  if (kinds.size !== 1 || !(kinds.has('string') || kinds.has('number'))) return undefined;
  return (value) => isScalar(value) && !operand.includes(value);
};

const relations = new Map<unknown, (value: number, bound: number) => boolean>([
  ['<', (value, bound) => value < bound],
  ['<=', (value, bound) => value <= bound],
  ['=', (value, bound) => value === bound],
  ['>=', (value, bound) => value >= bound],
  ['>', (value, bound) => value > bound],
]);

/** One or two relations: `['>', 0, '<=', 5]`. */
export const numeric: Comparison = (operand) => {
  if (!Array.isArray(operand) || ![2, 4].includes(operand.length)) return undefined;
  const tests = [0, 2].slice(0, operand.length / 2).map((at) => {
    const relation = relations.get(operand[at]);
    const bound: unknown = operand[at + 1];
    return relation && typeof bound === 'number' ? (value: number) => relation(value, bound) : undefined;
  });
  if (tests.includes(undefined)) return undefined;
  return (value) => typeof value === 'number' && tests.every((test) => test?.(value));
};
