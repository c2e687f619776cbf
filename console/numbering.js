/**
 * The numbers of messages as the tour shows them: counted from where the tour began. Those of the channel begin at the time of
 * its creation in milliseconds and rise by one, so they have 13 digits.
 */

export class Numbering {
  /** @type {number | undefined} The last number before the first message of the tour. */
  #start;

  /** @param {number | undefined} position 0 where nothing was published yet: then it begins with the first message. */
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
