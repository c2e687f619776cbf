/** When to try again: exponential with full jitter, so that a crowd that was cut off does not return as one. */

export interface BackoffPolicy {
  /** The longest first delay. Milliseconds. */
  readonly baseMs: number;
  /** The longest delay ever. Milliseconds. */
  readonly capMs: number;
  /** A connection counts as good, and the delays start over, once it has been up for this long. Milliseconds. */
  readonly stableMs: number;
}

/** Beyond this, doubling overflows any cap that makes sense. */
const MOST_DOUBLINGS = 30;

/** A delay from nothing up to a ceiling that doubles with every failed attempt; `random` is in [0, 1). */
export function delayMs(failures: number, { baseMs, capMs }: BackoffPolicy, random: number): number {
  const ceiling = Math.min(capMs, baseMs * 2 ** Math.min(failures, MOST_DOUBLINGS));
  return Math.floor(random * ceiling);
}

/** How many failures still count after a connection was up for `upMs`: one that flaps earns no fresh start. */
export function failuresAfter(upMs: number, failures: number, { stableMs }: BackoffPolicy): number {
  return upMs >= stableMs ? 0 : failures;
}
