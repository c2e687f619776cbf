/** Dollars as whole numbers of their 10^-24, so that no price and no sum of prices is ever rounded. */

/** Every price per counted part comes out even with so many digits; a GB-second has 1,024,000 parts. */
const DIGITS = 24;

/** Exactly what a decimal says: `0.0000166667` dollars in yoctodollars. */
export function yoctodollars(dollars: string): bigint {
  const [whole = '', fraction = ''] = dollars.split('.');
  if (fraction.length > DIGITS) throw new Error(`${dollars} has more than ${DIGITS} digits.`);
  return BigInt(whole + fraction.padEnd(DIGITS, '0'));
}

/** Every digit that there is, and no zero behind the last. */
export function dollarText(amount: bigint): string {
  return ratioText(amount, 10n ** BigInt(DIGITS));
}

/**
 * A fraction as the decimal that it is.
 *
 * @param divisor A product of twos and fives: other fractions have no end.
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
