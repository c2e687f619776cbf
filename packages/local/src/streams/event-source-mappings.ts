/** The event source mappings of the template: they take the records of tables and invoke functions with them. */

import { setMaxListeners } from 'node:events';
import type { StreamRecord } from '../dynamodb/stream-record.ts';
import type { EventSourceModel, StreamedTable } from '../template/event-source-model.ts';
import { LaneReader, type ReaderOptions } from './lane-reader.ts';
import { DEFAULT_SHARDS, laneOf } from './shard.ts';

/** Lambda's delays grow up to a minute. Milliseconds. */
const DEFAULT_STREAM_RETRY_DELAYS_MS: readonly number[] = [250, 500, 1000, 2000, 4000];

export interface StreamOptions {
  /** The waits before the retries of a failed batch, which blocks its shard. The last one holds for all later retries. */
  readonly streamRetryDelaysMs?: readonly number[] | undefined;
  /** The number of shards, which are read at the same time. @default 4 */
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
    // Every wait adds a listener, and Node would report more than ten listeners as a leak.
    setMaxListeners(0, this.stopping.signal);
  }

  /** Takes a record of a table for every mapping whose filters it matches. */
  put(record: StreamRecord, table: StreamedTable): void {
    if (this.stopping.signal.aborted) return;
    for (const mapping of this.options.mappings)
      if (mapping.tableName === table.name && mapping.wants(record))
        this.readerOf(mapping, record, table).put(record);
  }

  /** True if no record waits and no batch runs. */
  get isIdle(): boolean {
    return this.work().length === 0;
  }

  /** Settles when every record is done or given up, including records that arrive while it waits. */
  async idle(): Promise<void> {
    while (!this.isIdle) await Promise.all(this.work());
  }

  /** Drops all waiting records and starts no retry. Running attempts end with their functions. */
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
