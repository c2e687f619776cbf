/** Tells who sends more than others should wait for. By the second, because events that are refused at once leave no queue. */

import { NO_CONNECTION } from './fair-queue.ts';

/** More than pages and games send, and less than Fanfare lets a connection send. */
const MOST_PER_SECOND = 40;

const WINDOW_MS = 1_000;

type Counts = Map<string, number>;

export class FloodWatch {
  private since = performance.now();
  private counts: Counts = new Map();
  /** Those of the window before: who has been quiet for two of them is forgotten. */
  private countsBefore: Counts = new Map();

  saw(party: string): void {
    this.turn();
    if (party !== NO_CONNECTION) this.counts.set(party, (this.counts.get(party) ?? 0) + 1);
  }

  floods(party: string): boolean {
    this.turn();
    return [this.counts, this.countsBefore].some((counts) => (counts.get(party) ?? 0) > MOST_PER_SECOND);
  }

  private turn(): void {
    const now = performance.now();
    const past = now - this.since;
    if (past < WINDOW_MS) return;
    this.countsBefore = past < 2 * WINDOW_MS ? this.counts : new Map();
    this.counts = new Map();
    this.since = now;
  }
}
