import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../packages/protocol/src/errors.ts';
import { checkParsed, parseJson, readJson } from '../../packages/protocol/src/json.ts';
import { JSON_DEPTH } from '../../packages/protocol/src/limits.ts';

const BIG = '590518626939830271';

/** The sentence with which it is refused; every refusal is the client's. */
function refusalOf(attempt: () => unknown): string | undefined {
  try {
    attempt();
  } catch (error) {
    if (error instanceof ProtocolError && error.code === 'bad-request') return error.message;
    throw error;
  }
  return undefined;
}

const changedIn = (text: string) => [...readJson(text, 'It').changed];

describe('JSON from outside', () => {
  it('is read as its value', () => {
    expect(parseJson('{"a":[1,"x",null,0.5e1]}', 'It')).toEqual({ a: [1, 'x', null, 5] });
  });

  it.each(['', '-', '01', `{"a":${BIG}`, '1 2', '[1,]'])('is refused when it is not JSON: %s', (text) => {
    expect(refusalOf(() => parseJson(text, 'The body'))).toBe('The body is not JSON.');
  });

  it.each([BIG, '1e400', '0.1000000000000000055511151231257827'])(
    'is refused for the number %s, with a sentence that says what to do',
    (number) => {
      expect(refusalOf(() => parseJson(`{"data":[{"a":${number}}]}`, 'It'))).toBe(
        `The number ${number} would not arrive as it was sent; send it as a string.`,
      );
    },
  );

  it('is refused for a long number in a short sentence', () => {
    const sentence = refusalOf(() => parseJson('9'.repeat(100_000), 'It'));

    expect(sentence).toContain(`The number ${'9'.repeat(40)}… would`);
  });

  it.each([
    `"${BIG}"`,
    `{"${BIG}":1}`,
    `"\\"${BIG}"`,
    `["\\\\","${BIG}"]`,
    `["\\\\\\"${BIG}\\\\"]`,
    `"é\\u0031${BIG}"`,
  ])('may have any digits in a string: %s', (text) => {
    expect(parseJson(text, 'It')).toEqual(JSON.parse(text));
  });

  it.each([
    [BIG, [[0, [BIG]]]],
    [
      `{"a":${BIG},"b":[1e400]}`,
      [
        [0, [BIG]],
        [1, ['1e400']],
      ],
    ],
    [`[1,${BIG}]`, [[1, [BIG]]]],
    [
      `[[${BIG},1e400],"\\\\",{"a":[1,2,3]},-${BIG}]`,
      [
        [0, [BIG, '1e400']],
        [3, [`-${BIG}`]],
      ],
    ],
    [`[ "," , ${BIG} ]`, [[1, [BIG]]]],
    ['[1,2]', []],
  ])('names changed numbers by the element in which they stand: %s', (text, changed) => {
    expect(changedIn(text)).toEqual(changed);
  });

  it('nests as deep as is allowed and not one level more', () => {
    const nested = (pairs: number, inside = '') => `${'{"a":['.repeat(pairs)}${inside}${']}'.repeat(pairs)}`;

    expect(refusalOf(() => parseJson(nested(32), 'It'))).toBeUndefined();
    expect(refusalOf(() => parseJson(nested(32, '[]'), 'It'))).toContain('deeper than 64 levels');
    expect(refusalOf(() => parseJson(nested(32, '{}'), 'It'))).toContain('deeper than 64 levels');
    expect(refusalOf(() => parseJson('['.repeat(1_000_000), 'It'))).toContain('deeper');
  });

  it('is read in a time that grows no faster than its length', () => {
    const texts = [
      `"${'\\\\'.repeat(500_000)}"`,
      `"${'\\"'.repeat(500_000)}"`,
      '-'.repeat(1_000_000),
      `[${'-,'.repeat(500_000)}]`,
      '1e'.repeat(500_000),
    ];

    expect(texts.map((text) => refusalOf(() => parseJson(text, 'It')) === undefined)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('that JavaScript has written passes as it is', () => {
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false }), (text) => {
        expect(parseJson(text, 'It')).toEqual(JSON.parse(text));
      }),
    );
  });
});

/** JSON texts with numbers as other languages write them, and the numbers in them. */
const numbers = fc.array(
  fc.oneof(
    fc.constantFrom(BIG, '1e400', '1e-400', '-0', '1.0', '1E2', '0.10', '9007199254740993', '1e23'),
    fc.bigInt().map(String),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
    fc.tuple(fc.bigInt(), fc.bigInt({ min: 0n })).map(([whole, fraction]) => `${whole}.${fraction}`),
  ),
  { minLength: 1, maxLength: 8 },
);

/** Digits without zeros around them, a point among them, or an exponent. */
function normalized(literal: string): string {
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(literal) ?? [];
  const all = (whole + fraction).replace(/^0+/, '');
  const digits = all.replace(/0+$/, '');
  const power = Number(exponent) - fraction.length + all.length - digits.length;
  return digits === '' ? '0' : `${sign}${digits}e${power}`;
}

describe('JSON with any numbers', () => {
  it('passes exactly if JavaScript writes each of them again with the same value', () => {
    fc.assert(
      fc.property(numbers, (literals) => {
        const isKept = literals.every(
          (literal) => normalized(literal) === normalized(String(Number(literal))),
        );

        const refused = refusalOf(() => parseJson(`{"data":[${literals.join(', ')}]}`, 'It'));

        expect(refused === undefined).toBe(isKept);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('JSON that another program has parsed', () => {
  it.each([null, 'x', true, {}, [1, { a: 0.5 }], [2 ** 53 - 1]])('passes unchanged: %j', (value) => {
    expect(refusalOf(() => checkParsed(value, 'It'))).toBeUndefined();
  });

  it.each([JSON.parse(BIG), JSON.parse('{"a":[1,{"b":1e400}]}'), [[-(2 ** 53)]]])(
    'is refused if it may have been another number',
    (value) => {
      expect(refusalOf(() => checkParsed(value, 'It'))).toContain('send it as a string');
    },
  );

  it('nests as deep as is allowed and not one level more', () => {
    const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));

    expect(refusalOf(() => checkParsed(nested(JSON_DEPTH), 'It'))).toBeUndefined();
    expect(refusalOf(() => checkParsed(nested(JSON_DEPTH + 1), 'The event'))).toContain('The event nests');
    expect(refusalOf(() => checkParsed(nested(5_000), 'It'))).toContain('deeper');
  });
});
