/** How long messages of this page take from `publish` to delivery, matched by channel and `seq`. */

/** Upper ends of the bars. Milliseconds. */
const BARS_MS = [2, 5, 10, 20, 50, 100, 200, 500, 1_000, Number.POSITIVE_INFINITY];

/** How many unmatched publishes, and unmatched deliveries, are remembered. */
const UNPAIRED_KEPT = 5_000;

const SAMPLES_KEPT = 10_000;

export class Latency {
  /** @type {Map<string, number>} */
  #sent = new Map();
  /** @type {Map<string, number>} */
  #arrived = new Map();
  /** @type {number[]} Milliseconds, the newest last. */
  #samples = [];

  /**
   * @param {string} channel
   * @param {number | undefined} seq
   * @param {number} at
   */
  sent(channel, seq, at) {
    this.#pair(`${channel} ${seq}`, at, this.#sent, this.#arrived);
  }

  /**
   * @param {string} channel
   * @param {number | undefined} seq
   * @param {number} at
   */
  arrived(channel, seq, at) {
    this.#pair(`${channel} ${seq}`, at, this.#arrived, this.#sent);
  }

  /** The number of messages in each bar, and the percentiles. Milliseconds. */
  get figures() {
    const sorted = this.#samples.toSorted((a, b) => a - b);
    /** @param {number} share */
    const percentile = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    const bars = BARS_MS.map((upTo, index) => {
      const above = BARS_MS[index - 1] ?? 0;
      return { upTo, count: sorted.filter((ms) => ms > above && ms <= upTo).length };
    });
    return { count: sorted.length, median: percentile(0.5), p99: percentile(0.99), bars };
  }

  /**
   * The reply and the message itself come in any order.
   *
   * @param {string} name
   * @param {number} at
   * @param {Map<string, number>} mine
   * @param {Map<string, number>} other
   */
  #pair(name, at, mine, other) {
    const there = other.get(name);
    if (there === undefined) {
      mine.set(name, at);
      const [oldest] = mine.keys();
      if (mine.size > UNPAIRED_KEPT && oldest !== undefined) mine.delete(oldest);
      return;
    }
    other.delete(name);
    this.#samples.push(Math.abs(at - there));
    if (this.#samples.length > SAMPLES_KEPT) this.#samples.shift();
  }
}
