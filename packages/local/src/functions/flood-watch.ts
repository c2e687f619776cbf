/** Finds parties that flood. It counts events per second, because refused events never stand in a queue. */

import { NO_CONNECTION } from './fair-queue.ts';

/** Events per second. Pages and games send fewer than this. */
const MOST_PER_SECOND = 40;

const WINDOW_MS = 1_000;

type Counts = Map<string, number>;

export class FloodWatch {
  private since = performance.now();
  private counts: Counts = new Map();
  /** The counts of the window before. A party without events in two windows is forgotten. */
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
