/** JSON as text, valid and invalid. It is text, because parsed JSON has no duplicate keys, no `1e999` and no odd whitespace. */

import { FRAME_BYTES, JSON_DEPTH, MESSAGE_BYTES } from 'fanfare-protocol/limits';
import fc from 'fast-check';

/** Only frames contain it, and no log may show it. */
export const CONFIDENTIAL = 'for-the-eyes-of-subscribers-only';

/** Names that every object knows, or that would change all objects if they were believed. */
const PROTOTYPE_KEYS = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'];

export const prototypeKey = fc.constantFrom(...PROTOTYPE_KEYS);

const oddities = fc.constantFrom(
  ...['1e999', '-1e999', '1e-999', '-0', '0', '-1', '1.5', '1e21', '9007199254740991', '9007199254740993'],
  ...['null', 'true', 'false', '""', '" "', '[]', '{}', '[null]', '{"length":1000000000}', '"1"'],
  ...['NaN', 'Infinity', 'undefined', '01', '+1', '0x10', "'x'", '"\\x"', '"', '{', ']', '{"a":1,}'],
  ...['"\\ud800"', '"\\udc00\\ud800"', '"\\u0000"', '"\\u2028"', '"💥"', '"\u202e\ufeff"', '"<script>"'],
  '{"__proto__":{"polluted":1}}',
  '{"constructor":{"prototype":{"polluted":1}}}',
  '{"then":1,"toJSON":1,"toString":null}',
  `"${CONFIDENTIAL}"`,
);

/** Around the depth that is the limit, and far beyond it. */
const nested = fc
  .tuple(
    fc.oneof({ weight: 30, arbitrary: around(JSON_DEPTH, 4) }, { weight: 1, arbitrary: fc.constant(20_000) }),
    fc.boolean(),
  )
  .map(([depth, isArray]) =>
    isArray ? `${'['.repeat(depth)}${']'.repeat(depth)}` : `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
  );

const any = fc.json({ maxDepth: 3 });

/** Mostly short, because texts near the limits of the platform cost a thousand times as much. */
const longString = fc
  .oneof(
    { weight: 150, arbitrary: fc.constantFrom(31, 32, 33, 127, 128, 129, 163, 164, 165) },
    { weight: 2, arbitrary: around(FRAME_BYTES, 200) },
    { weight: 1, arbitrary: around(MESSAGE_BYTES, 2_000) },
  )
  .chain((length) =>
    fc.constantFrom('x', 'é', '\\ud800', '1e20,').map((unit) => {
      const text = unit.repeat(Math.ceil(length / unit.length));
      // Numbers that are longer when they are written again.
      return unit.startsWith('1') ? `[${text}0]` : `"${text}"`;
    }),
  );

/** A wrong text in the place of a value. */
export const wrongText: fc.Arbitrary<string> = fc.oneof(
  { weight: 12, arbitrary: oddities },
  { weight: 4, arbitrary: any },
  { weight: 2, arbitrary: nested },
  { weight: 2, arbitrary: longString },
);

/** Any document that is well-formed or nearly so. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: any },
  { weight: 2, arbitrary: oddities },
  { weight: 1, arbitrary: nested },
  { weight: 1, arbitrary: longString },
);

/** A text with one or two places changed: cut off, doubled, overwritten. */
export function damaged(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const place = fc.double({ min: 0, max: 1, noNaN: true });
  const insert = fc.constantFrom(
    '',
    '"',
    '\\',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '\u0000',
    '\n',
    '\ufeff',
    'null',
    '\ud800',
  );
  return fc.tuple(text, place, place, insert, fc.boolean()).map(([whole, one, other, inserted, doubles]) => {
    const at = Math.floor(one * whole.length);
    const goesOnAt = doubles
      ? Math.floor(other * whole.length)
      : Math.max(at, Math.floor(other * whole.length));
    return `${whole.slice(0, at)}${inserted}${whole.slice(goesOnAt)}`;
  });
}

/** Bytes as the gateway turns them into text: invalid UTF-8 becomes U+FFFD. */
export function asReceived(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

/** Any code points, halves of pairs among them. */
export function anyString(maxLength: number): fc.Arbitrary<string> {
  return fc
    .array(fc.integer({ min: 0, max: 0x10_ff_ff }), { maxLength })
    .map((points) => String.fromCodePoint(...points));
}

/** Whole numbers near another one. */
export function around(center: number, distance: number): fc.Arbitrary<number> {
  return fc.integer({ min: center - distance, max: center + distance });
}
