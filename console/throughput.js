/** Messages per second over the last minute. */

export const SECONDS = 60;

export class Throughput {
  /** @type {number[]} The current second last. */
  perSecond = new Array(SECONDS).fill(0);
  total = 0;

  count() {
    this.total += 1;
    this.perSecond[SECONDS - 1] = (this.perSecond[SECONDS - 1] ?? 0) + 1;
  }

  /** Called once a second. */
  tick() {
    this.perSecond.shift();
    this.perSecond.push(0);
  }

  /** The last whole second. */
  get rate() {
    return this.perSecond[SECONDS - 2] ?? 0;
  }
}
