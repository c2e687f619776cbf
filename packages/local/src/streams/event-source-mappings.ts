/** All event source mappings of the template: takes the records of tables, and works them off. */

import { setMaxListeners } from 'node:events';
import type { StreamRecord } from '../dynamodb/stream-record.ts';
import type { EventSourceModel, StreamedTable } from '../template/event-source-model.ts';
import { LaneReader, type ReaderOptions } from './lane-reader.ts';
import { DEFAULT_SHARDS, laneOf } from './shard.ts';

/** Lambda waits longer from time to time, up to a minute. Milliseconds. */
export const DEFAULT_STREAM_RETRY_DELAYS_MS: readonly number[] = [250, 500, 1000, 2000, 4000];

export interface StreamOptions {
  /** How long a batch that failed blocks its shard before it is tried again; the last one holds for those after it. */
  readonly streamRetryDelaysMs?: readonly number[] | undefined;
  /** Parts of a stream that are read at the same time. @default 4 */
  readonly streamShards?: number | undefined;
}

export interface EventSourceMappingsOptions extends StreamOptions, Pick<ReaderOptions, 'invoke' | 'onNote'> {
  readonly mappings: readonly EventSourceModel[];
}

export class EventSourceMappings {
  private readonly options: EventSourceMappingsOptions;
  private readonly readers = new Map<string, LaneReader>();
  private readonly stopping = new AbortController();

  constructor(options: EventSourceMappingsOptions) {
    this.options = options;
    // Every wait listens to it, and Node would take more than ten listeners for a leak.
    setMaxListeners(0, this.stopping.signal);
  }

  /** Takes a record of a table, for every mapping that wants it. */
  put(record: StreamRecord, table: StreamedTable): void {
    if (this.stopping.signal.aborted) return;
    for (const mapping of this.options.mappings)
      if (mapping.tableName === table.name && mapping.wants(record))
        this.readerOf(mapping, record, table).put(record);
  }

  /** Whether records wait or are worked on. */
  get isIdle(): boolean {
    return this.work().length === 0;
  }

  /** Settles when every record is worked off or given up, those included that come meanwhile. */
  async idle(): Promise<void> {
    while (!this.isIdle) await Promise.all(this.work());
  }

  /** Forgets what waits, and tries nothing again; attempts that are running end with their functions. */
  stop(): void {
    this.stopping.abort();
  }

  private work(): Promise<void>[] {
    return [...this.readers.values()].flatMap(({ work }) => work ?? []);
  }

  private readerOf(mapping: EventSourceModel, record: StreamRecord, { keyNames }: StreamedTable): LaneReader {
    const {
      streamShards: shards = DEFAULT_SHARDS,
      streamRetryDelaysMs: retryDelaysMs = DEFAULT_STREAM_RETRY_DELAYS_MS,
      invoke,
      onNote,
    } = this.options;
    const division = { shards, lanes: mapping.parallelizationFactor };
    const lane = `${mapping.name}/${laneOf(record.dynamodb.Keys, keyNames, division)}`;
    const existing = this.readers.get(lane);
    if (existing) return existing;
    const stopping = this.stopping.signal;
    const reader = new LaneReader({ mapping, invoke, retryDelaysMs, onNote, stopping });
    this.readers.set(lane, reader);
    return reader;
  }
}
