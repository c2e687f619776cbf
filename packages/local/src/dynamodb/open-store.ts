/** Opens the DynamoDB API of the runtime: the embedded one with its streams, or another one that the user names. */

import type { Meter } from '../bill/meter.ts';
import type { Guard } from '../permissions/permissions.ts';
import { StartError } from '../start-error.ts';
import { type EmbeddedStore, type Streams, startEmbeddedStore } from './embedded-store.ts';

/** DynamoDB deletes expired items after minutes or days, too late for a developer. Milliseconds. */
const DEFAULT_TTL_INTERVAL_MS = 30_000;

export interface StoreOptions {
  /** The URL of a DynamoDB API that is used instead of the embedded one. */
  readonly dynamodbEndpoint?: string | undefined;
  /** The time between two deletions of expired items, in tables whose stream is read. @default 30 seconds */
  readonly ttlIntervalMs?: number | undefined;
}

/** @throws StartError if another API is named and the template reads a stream. */
export async function openStore(
  options: StoreOptions,
  streams: Streams,
  meter?: Meter,
  guard?: Guard,
): Promise<EmbeddedStore> {
  const { dynamodbEndpoint: endpoint, ttlIntervalMs = DEFAULT_TTL_INTERVAL_MS } = options;
  if (endpoint !== undefined) return elsewhere(endpoint, streams);
  const store = await startEmbeddedStore(streams, meter, guard);
  if (!streams.tables.some(({ ttlAttribute }) => ttlAttribute !== undefined)) return store;
  let sweep: Promise<void> | undefined;
  const timer = setInterval(() => {
    // A sweep that takes longer than the interval is not started a second time.
    sweep ??= store.expireItems().finally(() => {
      sweep = undefined;
    });
  }, ttlIntervalMs);
  return {
    ...store,
    async close() {
      clearInterval(timer);
      await sweep;
      await store.close();
    },
  };
}

function elsewhere(url: string, { tables }: Streams): EmbeddedStore {
  const [table] = tables;
  if (table)
    throw new StartError(
      `The template reads the stream of ${table.name}, which only the embedded DynamoDB has: start without DYNAMODB_ENDPOINT.`,
    );
  return { url, expireItems: async () => {}, close: async () => {} };
}
