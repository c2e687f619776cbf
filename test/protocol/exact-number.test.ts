import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isExact, isSafe } from '../../packages/protocol/src/exact-number.ts';

describe('a written number', () => {
  it.each([
    ...['0', '-0', '1', '-1', '100', '1.0', '0.10', '1e2', '1E+2', '100e-2', '0e999', '0.0e-999'],
    ...['0.1', '3.14', '1795355541001', '9007199254740991', '-9007199254740991', '9007199254740992'],
    ...['1e21', '1e23', '5e-324', '1.7976931348623157e308', '590518626939830300', '0.30000000000000004'],
    ...[`1${'0'.repeat(300)}`, `0.${'0'.repeat(300)}1`, `1.${'0'.repeat(5_000)}`],
  ])('is the same after JavaScript has read it: %s', (literal) => {
    expect(isExact(literal)).toBe(true);
  });

  it.each([
    ...['590518626939830271', '-590518626939830271', '9007199254740993', '1e400', '-1e400', '1e-400'],
    ...['0.1000000000000000055511151231257827', '4e-324', '1.7976931348623159e308', '123456789.12345678901'],
    ...['12345678901234567891e3', `1e${'9'.repeat(400)}`, `1e-${'9'.repeat(400)}`],
    ...[`1${'0'.repeat(300)}1`, `0.${'0'.repeat(400)}1`, '9'.repeat(128 * 1024)],
  ])('differs after JavaScript has read it: %.40s', (literal) => {
    expect(isExact(literal)).toBe(false);
  });

  it('is the same if only zeros follow its digits', () => {
    expect(isExact('12345678901234567e3')).toBe(true);
  });

  it.each(['-', '1.', '.5', '1e', '1-2', '--1', '1.2.3', ''])(
    'passes if it is not a number, and is left to the parser: %j',
    (literal) => {
      expect(isExact(literal)).toBe(true);
    },
  );

  it('is checked in a time that grows no faster than its length, for all places of its zeros', () => {
    // Any of these takes minutes if each zero is tried anew.
    const zeros = '0'.repeat(500_000);
    const literals = [`1${zeros}1`, `0.${zeros}1`, `1.${zeros}`, `-0.${zeros}`];

    expect(literals.map(isExact)).toEqual([false, false, true, true]);
  });
});

/** The value of a decimal number as a fraction of whole numbers, by arithmetic of any length. */
function fractionOf(literal: string): { readonly over: bigint; readonly under: bigint } {
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(literal) ?? [];
  const digits = BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n);
  const shift = Number(exponent) - fraction.length;
  return shift >= 0
    ? { over: digits * 10n ** BigInt(shift), under: 1n }
    : { over: digits, under: 10n ** BigInt(-shift) };
}

function isSameValue(one: string, other: string): boolean {
  const [a, b] = [fractionOf(one), fractionOf(other)];
  return a.over * b.under === b.over * a.under;
}

const digits = (maxLength: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength }).map((all) => all.join(''));

const literal = fc
  .tuple(
    fc.boolean(),
    digits(20).map((whole) => whole.replace(/^0+(?=\d)/, '')),
    fc.option(digits(20), { nil: undefined }),
    fc.option(fc.integer({ min: -340, max: 320 }), { nil: undefined }),
  )
  .map(
    ([isNegative, whole, fraction, exponent]) =>
      `${isNegative ? '-' : ''}${whole}${fraction === undefined ? '' : `.${fraction}`}${exponent === undefined ? '' : `e${exponent}`}`,
  );

describe('any written number', () => {
  it('passes exactly if JavaScript writes a number of the same value for it', () => {
    fc.assert(
      fc.property(literal, (text) => {
        const written = String(Number(text));
        expect(isExact(text)).toBe(Number.isFinite(Number(text)) && isSameValue(text, written));
      }),
      { numRuns: 5_000 },
    );
  });

  it('passes if it was written by JavaScript', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(isExact(JSON.stringify(value))).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('a number that another program has parsed', () => {
  it.each([0, -0, 1, 0.1, -1.5, 2 ** 53 - 1, -(2 ** 53 - 1), 5e-324])('is safe: %d', (value) => {
    expect(isSafe(value)).toBe(true);
  });

  it.each([2 ** 53, -(2 ** 53), 590518626939830300, 1e300, Infinity, -Infinity, NaN])(
    'may come from another number in the text: %d',
    (value) => {
      expect(isSafe(value)).toBe(false);
    },
  );
});
