/** Decides how much history a connection asks for next: one page at a time, each as large as the measured speed allows. */

import { HISTORY_LIMIT_MAX } from 'fanfare-protocol/limits';

/** A page should take this long, so that a ping behind it is answered in time. Milliseconds. */
const PAGE_MS = 2_000;

/**
 * A resume may bring 128 KB in one frame, which shows no progress before it is complete. If that takes longer than this, the next
 * subscribes ask for no messages: pages of history follow instead. Milliseconds.
 */
export const SLOW_MS = 5_000;

export class Pace {
  /** How many messages the next page may have. */
  limit = 50;
  /** Whether a subscribe should bring no messages. */
  isSlow = false;
  /** How long a reply takes that has at most one message. Milliseconds. */
  #latencyMs = 0;
  #turn: Promise<unknown> = Promise.resolve();

  /** Runs one download after the other. `run` never rejects. */
  turn<Result>(run: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(run);
    this.#turn = result;
    return result;
  }

  /**
   * A request took `ms` milliseconds.
   *
   * @param messages How many messages its reply had; `undefined` if no reply came.
   */
  measured(ms: number, messages?: number): void {
    this.isSlow ||= ms > SLOW_MS;
    let { limit } = this;
    if (messages === undefined) limit /= 4;
    else if (messages < 2) {
      this.#latencyMs = ms;
      limit = Math.max(2, limit);
    } else {
      this.#latencyMs = Math.min(this.#latencyMs, ms);
      limit = (messages * PAGE_MS) / (ms - this.#latencyMs + 1);
    }
    this.limit = Math.ceil(Math.min(limit, HISTORY_LIMIT_MAX));
  }
}
