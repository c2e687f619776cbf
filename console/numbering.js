/**
 * Numbers messages for the tour, from the beginning of the tour. The numbers of the channel begin with its time of creation in
 * milliseconds and rise by one, so they have 13 digits.
 */

export class Numbering {
  /** @type {number | undefined} The last number before the first message of the tour. */
  #start;

  /** @param {number | undefined} position 0 if the channel has no message yet: then numbering begins with the first message. */
  begin(position) {
    this.#start ??= position || undefined;
  }

  /** The number before the first message; `undefined` until that is known. */
  get start() {
    return this.#start;
  }

  /**
   * After numbers were lost, counting begins anew behind them.
   *
   * @param {number} position
   */
  beginAnew(position) {
    this.#start = position;
  }

  /** @param {number} seq */
  of(seq) {
    this.#start ??= seq - 1;
    return seq - this.#start;
  }
}
