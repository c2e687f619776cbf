/** Dollars as whole numbers of 10^-24 dollars, so that no price and no sum of prices is rounded. */

/** With 24 digits every price of a counted part is exact. The smallest part is 1/1,024,000 of a GB-second. */
const DIGITS = 24;

/** The exact value of a decimal such as `0.0000166667` dollars, in yoctodollars. */
export function yoctodollars(dollars: string): bigint {
  const [whole = '', fraction = ''] = dollars.split('.');
  if (fraction.length > DIGITS) throw new Error(`${dollars} has more than ${DIGITS} digits.`);
  return BigInt(whole + fraction.padEnd(DIGITS, '0'));
}

/** All digits, without zeros at the end. */
export function dollarText(amount: bigint): string {
  return ratioText(amount, 10n ** BigInt(DIGITS));
}

/**
 * The exact decimal of a fraction.
 *
 * @param divisor Has no prime factors but 2 and 5. With others the decimal would never end.
 */
export function ratioText(dividend: bigint, divisor: bigint): string {
  let digits = '';
  let rest = dividend % divisor;
  while (rest > 0n) {
    rest *= 10n;
    digits += rest / divisor;
    rest %= divisor;
  }
  const whole = dividend / divisor;
  return digits === '' ? `${whole}` : `${whole}.${digits}`;
}
