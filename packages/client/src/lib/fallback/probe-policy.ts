/** When to look whether a better transport works by now: seldom, for each look costs a connection. */

export interface ProbePolicy {
  /** The longest first delay. Milliseconds. */
  readonly baseMs: number;
  /** The longest delay ever. Milliseconds. */
  readonly capMs: number;
}

/** Beyond this, doubling overflows any cap that makes sense. */
const MOST_DOUBLINGS = 30;

/**
 * Doubles with every probe, and is spread over its second half, so that all who sat behind one proxy do not come back as one;
 * `random` is in [0, 1).
 */
export function probeDelayMs(probes: number, { baseMs, capMs }: ProbePolicy, random: number): number {
  const ceiling = Math.min(capMs, baseMs * 2 ** Math.min(probes, MOST_DOUBLINGS));
  return ceiling * (1 - random / 2);
}
