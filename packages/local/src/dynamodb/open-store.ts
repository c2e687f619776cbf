/** The DynamoDB API that everything uses: the embedded one, with the streams that are read, or another one. */

import type { Meter } from '../bill/meter.ts';
import type { Guard } from '../permissions/permissions.ts';
import { StartError } from '../start-error.ts';
import { type EmbeddedStore, type Streams, startEmbeddedStore } from './embedded-store.ts';

/** DynamoDB takes minutes or days; nobody should wait that long, or rely on it. Milliseconds. */
export const DEFAULT_TTL_INTERVAL_MS = 30_000;

export interface StoreOptions {
  /** A DynamoDB API to use instead of the embedded one. */
  readonly dynamodbEndpoint?: string | undefined;
  /** How often items that have expired are deleted, in tables whose stream is read. @default 30 seconds */
  readonly ttlIntervalMs?: number | undefined;
}

/** @throws StartError when another API is to be used, and a stream is to be read. */
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
    // One after the other, however long it takes.
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
