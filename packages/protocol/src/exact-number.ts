/** Finds numbers of a JSON text that are different numbers after JavaScript has parsed them and written them again. */

/**
 * A double keeps 15 digits of every decimal number that is neither huge nor tiny. Huge and tiny numbers have an exponent, or more
 * than 15 characters.
 */
const SAFE_DIGITS = 15;

const NUMBER = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** A decimal number: its digits without leading and trailing zeros, and the power of ten of the last digit. */
interface Decimal {
  readonly digits: string;
  readonly exponent: number;
}

/**
 * Whether the nearest double, written with the fewest digits, is the number that was written. True for `0.1`, `1.0`, `1e2` and
 * `1e23`, false for `9007199254740993` and `1e400`. `-0` counts as zero.
 *
 * @param literal The number as it is written. True if it is not a number: the parser refuses it.
 */
export function isExact(literal: string): boolean {
  if (literal.length <= SAFE_DIGITS && !/[eE]/.test(literal)) return true;
  const again = String(Number(literal));
  // The usual case: JavaScript clients write numbers in this form.
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

/** A loop, because the regular expression `/0+$/` starts again at each zero, which takes quadratic time. */
function lengthWithoutZeros(digits: string): number {
  let end = digits.length;
  while (end > 0 && digits[end - 1] === '0') end -= 1;
  return end;
}

/** Whether a number that another program parsed is surely the one that was sent. An integer beyond 2^53 - 1 may have been rounded. */
export function isSafe(value: number): boolean {
  return Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value));
}
