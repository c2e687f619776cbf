/** When to connect again: exponential delays with full jitter, so that clients that were cut off together do not return together. */

export interface BackoffPolicy {
  /** The upper bound of the first delay. Milliseconds. */
  readonly baseMs: number;
  /** The upper bound of every delay. Milliseconds. */
  readonly capMs: number;
  /** After a connection has been up for this long, the delays start over. Milliseconds. */
  readonly stableMs: number;
}

/**
 * A delay from 0 to a ceiling that doubles with every failed attempt. Milliseconds.
 *
 * @param random In [0, 1).
 */
export function delayMs(failures: number, policy: BackoffPolicy, random: number): number {
  return random * Math.min(policy.capMs, policy.baseMs * 2 ** failures);
}
