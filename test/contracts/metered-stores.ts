/** The stores on the embedded DynamoDB, with the read and write units that their requests consume. */

import { afterAll, beforeAll } from 'vitest';
import { NO_METER } from '../../packages/local/src/bill/meter.ts';
import { startEmbeddedStore } from '../../packages/local/src/dynamodb/embedded-store.ts';
import { type DynamoStores, storesOn } from './dynamo-stores.ts';
import type { DynamoDbApi } from './dynamodb-apis.ts';

interface Units {
  readonly read: number;
  readonly write: number;
}

export interface MeteredStores {
  readonly stores: DynamoStores;
  /** The units that the work consumes. */
  unitsOf(work: () => Promise<unknown>): Promise<Units>;
}

/** One store for all tests of a file. */
export function meteredStores(): () => MeteredStores {
  const units = { read: 0, write: 0 };
  let api: DynamoDbApi | undefined;
  let metered: MeteredStores | undefined;

  beforeAll(async () => {
    api = await startEmbeddedStore(undefined, {
      ...NO_METER,
      capacity: ({ kind, units: consumed }) => {
        units[kind] += consumed;
      },
    });
    const stores = await storesOn(api.url);
    metered = {
      stores,
      async unitsOf(work) {
        const before = { ...units };
        await work();
        return { read: units.read - before.read, write: units.write - before.write };
      },
    };
  });

  afterAll(async () => {
    metered?.stores.client.destroy();
    await api?.close();
  });

  return () => {
    if (!metered) throw new Error('The store has not started yet');
    return metered;
  };
}
