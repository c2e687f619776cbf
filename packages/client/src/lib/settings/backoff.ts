/** When to connect again: exponential delays with full jitter, so that clients that were cut off together do not return together. */

export interface BackoffPolicy {
  /** The upper bound of the first delay. Milliseconds. */
  readonly baseMs: number;
  /** The upper bound of every delay. Milliseconds. */
  readonly capMs: number;
  /** After a connection has been up for this long, the delays start over. Milliseconds. */
  readonly stableMs: number;
}

/** Keeps `2 ** failures` finite. 2^30 times any delay is above any sensible cap. */
const MOST_DOUBLINGS = 30;

/**
 * A delay from 0 to a ceiling that doubles with every failed attempt. Milliseconds.
 *
 * @param random In [0, 1).
 */
export function delayMs(failures: number, { baseMs, capMs }: BackoffPolicy, random: number): number {
  const ceiling = Math.min(capMs, baseMs * 2 ** Math.min(failures, MOST_DOUBLINGS));
  return Math.floor(random * ceiling);
}

/** The number of failures that still count after a connection was up for `upMs` milliseconds: all, unless it was stable. */
export function failuresAfter(upMs: number, failures: number, { stableMs }: BackoffPolicy): number {
  return upMs >= stableMs ? 0 : failures;
}
