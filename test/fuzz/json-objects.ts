/** JSON objects as text, field by field: each right, wrong or missing, and now and then one that is not in the schema. */

import fc from 'fast-check';
import { prototypeKey, wrongText } from './json-text.ts';

export const text = (value: unknown) => JSON.stringify(value);

/** Of 40 times, how often a field is valid, and how often it is missing. Once it has another value. */
export interface Shares {
  readonly right: number;
  readonly missing: number;
}

export function field(name: string, right: fc.Arbitrary<string>, shares: Shares = { right: 38, missing: 1 }) {
  return fc.oneof(
    { weight: shares.right, arbitrary: right.map((value) => `"${name}":${value}`) },
    { weight: 1, arbitrary: wrongText.map((value) => `"${name}":${value}`) },
    { weight: shares.missing, arbitrary: fc.constant('') },
  );
}

/** @param more names of further fields, perhaps repeated ones. Keys that every object has are always among them. */
export function object(
  fields: readonly fc.Arbitrary<string>[],
  more: fc.Arbitrary<string> = prototypeKey,
): fc.Arbitrary<string> {
  const extra = fc.oneof(
    { weight: 5, arbitrary: fc.constant('') },
    {
      weight: 1,
      arbitrary: fc.tuple(more, wrongText).map(([name, value]) => `"${name}":${value}`),
    },
  );
  return fc.tuple(...fields, extra).map((all) => `{${all.filter((one) => one !== '').join()}}`);
}
