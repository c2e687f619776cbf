/** Whether a number of a JSON text is still the same number after JavaScript has read it, and written it again. */

/**
 * A double holds 15 digits of every decimal number that is neither huge nor tiny. Huge and tiny numbers have an exponent, or more
 * characters than this.
 */
const SAFE_DIGITS = 15;

const NUMBER = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** A decimal number: its digits without zeros around them, and the power of ten of the last one. */
interface Decimal {
  readonly digits: string;
  readonly exponent: number;
}

/**
 * Whether the nearest double, in the shortest digits that name it, is the number that was written: `0.1`, `1.0`, `1e2` and
 * `1e23` are, `9007199254740993` and `1e400` are not. `-0` is zero.
 *
 * @param literal as it stands in the text. Text that is no number passes: the parser refuses it.
 */
export function isExact(literal: string): boolean {
  if (literal.length <= SAFE_DIGITS && !/[eE]/.test(literal)) return true;
  const again = String(Number(literal));
  // As JavaScript clients write it.
  if (again === literal) return true;
  const written = decimalOf(literal);
  if (!written) return true;
  const kept = decimalOf(again);
  return kept !== undefined && kept.digits === written.digits && kept.exponent === written.exponent;
}

/** `undefined` for other texts, such as `Infinity`. */
function decimalOf(literal: string): Decimal | undefined {
  const [, whole, fraction = '', exponent = '0'] = NUMBER.exec(literal) ?? [];
  if (whole === undefined) return undefined;
  const all = whole + fraction;
  const end = lengthWithoutZeros(all);
  const digits = all.slice(0, end).replace(/^0+/, '');
  if (digits === '') return { digits, exponent: 0 };
  return { digits, exponent: Number(exponent) - fraction.length + all.length - end };
}

/** Not by a regular expression: `/0+$/` tries again from each zero. */
function lengthWithoutZeros(digits: string): number {
  let end = digits.length;
  while (end > 0 && digits[end - 1] === '0') end -= 1;
  return end;
}

/** Whether a number that was parsed elsewhere is the one that was sent. An integer beyond 2^53 - 1 may have been rounded. */
export function isSafe(value: number): boolean {
  return Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value));
}
