/** How Lambda reads a shard of a table's stream: it polls, gathers for the window of the mapping, and runs the function with all that came. */

import type { VirtualClock } from '../simulator/virtual-clock.ts';

/** Lambda polls each shard four times a second. https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html Milliseconds. */
export const POLL_MS = 250;

export interface StreamReaderOptions {
  readonly clock: VirtualClock;
  readonly windowMs: number;
  /** Gets the records, in their order. The next ones wait until it is done. */
  readonly run: (records: readonly number[]) => Promise<void>;
}

export class StreamReader {
  private readonly options: StreamReaderOptions;
  private records: number[] = [];
  private isEnded = false;

  constructor(options: StreamReaderOptions) {
    this.options = options;
  }

  put(record: number): void {
    this.records.push(record);
  }

  /** The reader stops when it has read what there is. */
  end(): void {
    this.isEnded = true;
  }

  async read(): Promise<void> {
    const { clock, windowMs, run } = this.options;
    let polledAt = clock.now();
    while (!this.isEnded || this.records.length > 0) {
      // A run that takes longer delays the next look.
      await clock.pause(Math.max(0, polledAt + POLL_MS - clock.now()));
      polledAt = clock.now();
      if (this.records.length === 0) continue;
      if (windowMs > 0) await clock.pause(windowMs);
      await run(this.records.splice(0));
    }
  }
}
