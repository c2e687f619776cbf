/** Counts which of the expected messages came, how often, and how late. */

interface Expected {
  /** When it was published, or could first have arrived. Milliseconds. */
  readonly from: number;
  readonly bytes: number;
  readonly arrivals: number[];
}

export interface Counts {
  readonly expected: number;
  readonly missed: number;
  /** Deliveries beyond the first one of each message. */
  readonly twice: number;
  /** Of the messages that came. Milliseconds. */
  readonly lateP50: number;
  readonly lateP99: number;
  readonly bytesNeeded: number;
}

export class Tally {
  readonly #expected = new Map<string, Expected>();
  #unexpected = 0;

  /** @param follower the device and the channel. */
  expect(follower: string, message: number, from: number, bytes: number): void {
    this.#expected.set(`${follower} ${message}`, { from, bytes, arrivals: [] });
  }

  arrived(follower: string, message: number, now: number): void {
    const one = this.#expected.get(`${follower} ${message}`);
    if (one) one.arrivals.push(now);
    else this.#unexpected += 1;
  }

  /** Nothing could arrive before this time: messages that were published earlier and are still missing count from it. */
  reachableFrom(time: number): void {
    for (const [name, one] of this.#expected) {
      if (one.arrivals.length === 0 && one.from < time) this.#expected.set(name, { ...one, from: time });
    }
  }

  /** @param lateFrom Messages that were published before this time do not count as late. */
  counts(lateFrom = 0): Counts {
    const all = [...this.#expected.values()];
    const copies = all.reduce((sum, { arrivals }) => sum + Math.max(0, arrivals.length - 1), 0);
    const late = all
      .filter(({ from, arrivals }) => from >= lateFrom && arrivals.length > 0)
      .map(({ from, arrivals }) => (arrivals[0] ?? from) - from);
    return {
      expected: all.length,
      missed: all.filter(({ arrivals }) => arrivals.length === 0).length,
      twice: copies + this.#unexpected,
      lateP50: percentile(late, 0.5),
      lateP99: percentile(late, 0.99),
      bytesNeeded: all.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  }

  /** When the first message arrived that was later than this; `undefined` if none was. Milliseconds. */
  firstLate(moreThanMs: number): number | undefined {
    const times = [...this.#expected.values()]
      .filter(({ from, arrivals: [first = from] }) => first - from > moreThanMs)
      .map(({ arrivals: [first = 0] }) => first);
    return times.length === 0 ? undefined : Math.min(...times);
  }
}

/** The smallest value that at least this share of the values does not exceed. */
function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
