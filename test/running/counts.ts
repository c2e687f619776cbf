/**
 * How often random tests try. `npm test` makes few tries; `npm run test:long` sets `FANFARE_TESTS=long` and makes many.
 * Only this file reads that variable.
 */

export const isLong = process.env['FANFARE_TESTS'] === 'long';

/** The number of tries of this run. */
export function tries({ short, long }: { readonly short: number; readonly long: number }): number {
  return isLong ? long : short;
}
