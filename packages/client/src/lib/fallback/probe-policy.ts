/** When to probe whether a better transport works by now. Rarely, because each probe costs a connection. */

export interface ProbePolicy {
  /** The upper bound of the first delay. Milliseconds. */
  readonly baseMs: number;
  /** The upper bound of every delay. Milliseconds. */
  readonly capMs: number;
}

/** Keeps `2 ** probes` finite. 2^30 times any delay is above any sensible cap. */
const MOST_DOUBLINGS = 30;

/**
 * The delay before the next probe: at random in the second half of a bound that doubles with every probe, so that clients behind one
 * proxy do not return together. Milliseconds.
 *
 * @param random In [0, 1).
 */
export function probeDelayMs(probes: number, { baseMs, capMs }: ProbePolicy, random: number): number {
  const ceiling = Math.min(capMs, baseMs * 2 ** Math.min(probes, MOST_DOUBLINGS));
  return ceiling * (1 - random / 2);
}
