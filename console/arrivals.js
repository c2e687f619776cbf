/** Which numbers have arrived, and whether they came in order, each once: counted here, independently of the client. */

export class Arrivals {
  /** @type {number | undefined} */
  last;
  #missing = 0;
  #repeated = 0;

  /** @param {number | undefined} seq */
  add(seq) {
    if (seq === undefined) return;
    const { last } = this;
    if (last !== undefined && seq <= last) this.#repeated += 1;
    else if (last !== undefined) this.#missing += seq - last - 1;
    this.last = Math.max(seq, last ?? seq);
  }

  /**
   * @param {number | undefined} position The position from which it counts. 0 if the channel has no message yet: then it counts
   * from the first message.
   */
  begin(position) {
    this.last ??= position || undefined;
  }

  /** Another part of the page reports messages that are lost for good. @param {number} position */
  beginAnew(position) {
    this.last = position;
  }

  /** Such as `none missing, none twice`. */
  get summary() {
    return `${this.#missing || 'none'} missing, ${this.#repeated || 'none'} twice`;
  }
}
