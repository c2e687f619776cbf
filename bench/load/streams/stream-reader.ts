/** Simulates how Lambda reads a table's stream: it polls each shard, and hands batches to a function, several batches of a shard at once. */

import type { VirtualClock } from '../../simulator/virtual-clock.ts';

/** Lambda's default, which the mappings leave as it is. */
const BATCH = 100;

/** Lambda asks each shard four times a second. https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html. Milliseconds. */
const POLLED_EVERY_MS = 250;

/** A batch for which no execution was free is tried again after this. Milliseconds. */
const REFUSED_MS = 500;

export interface StreamChange {
  /** Names the item. Changes of one item are handled in their order. */
  readonly item: string;
}

export interface ReaderOptions<Change extends StreamChange> {
  readonly clock: VirtualClock;
  readonly shards: number;
  readonly batchesPerShard: number;
  /** How long the reader gathers changes for a batch. Milliseconds. */
  readonly gatherMs: number;
  /** Handles a batch. @returns the changes that have to come again, or `undefined` if no execution was free. */
  readonly handle: (batch: readonly Change[]) => Promise<readonly Change[] | undefined>;
}

interface Waiting<Change> {
  readonly change: Change;
  readonly writtenAt: number;
}

/** Batches that one of the parallel readers of a shard handles, one after the other. */
interface Lane<Change> {
  readonly waiting: Waiting<Change>[];
  isReading: boolean;
}

export class StreamReader<Change extends StreamChange> {
  /** Milliseconds from the write of each change until it was handled. */
  readonly lags: number[] = [];
  batches = 0;
  private readonly options: ReaderOptions<Change>;
  private readonly lanes: readonly Lane<Change>[];

  constructor(options: ReaderOptions<Change>) {
    this.options = options;
    this.lanes = Array.from({ length: options.shards * options.batchesPerShard }, () => ({
      waiting: [],
      isReading: false,
    }));
  }

  /** A change was written. */
  put(change: Change): void {
    const { clock, gatherMs } = this.options;
    const lane = this.lanes[hashOf(change.item) % this.lanes.length];
    if (!lane) return;
    lane.waiting.push({ change, writtenAt: clock.now() });
    if (lane.isReading) return;
    lane.isReading = true;
    const polledAt = Math.ceil(clock.now() / POLLED_EVERY_MS) * POLLED_EVERY_MS;
    clock.at(polledAt + gatherMs, () => void this.read(lane));
  }

  private async read(lane: Lane<Change>): Promise<void> {
    const { clock, handle } = this.options;
    while (lane.waiting.length > 0) {
      const batch = lane.waiting.slice(0, BATCH);
      const again = await handle(batch.map(({ change }) => change));
      if (again === undefined) {
        await clock.pause(REFUSED_MS);
        continue;
      }
      this.batches += 1;
      const failed = new Set(again);
      const handled = batch.filter(({ change }) => !failed.has(change));
      for (const { writtenAt } of handled) this.lags.push(clock.now() - writtenAt);
      lane.waiting.splice(0, batch.length, ...batch.filter(({ change }) => failed.has(change)));
    }
    lane.isReading = false;
  }
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
