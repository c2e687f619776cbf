/** What every implementation of the stores does; run on memory and on each DynamoDB API there is. */

import { beforeEach, describe, expect, it } from 'vitest';
import type { Connection, Subscription } from '../../lambdas/realtime/ports.ts';
import { collect } from '../memory/memory-ports.ts';
import type { MemoryStores } from '../memory/memory-stores.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const EXPIRES_AT = NOW / 1000 + 60;

let counter = 0;

/** Ids of its own for every test, because a DynamoDB table outlives one. */
function fresh(prefix: string): string {
  counter += 1;
  return `${prefix}${counter}`;
}

function connectionFixture(more: Partial<Connection> = {}): Connection {
  return { connectionId: fresh('connection'), expiresAt: EXPIRES_AT, ...more };
}

function subscriptionFixture(more: Partial<Subscription> = {}): Subscription {
  return {
    channel: fresh('open:channel'),
    connectionId: fresh('connection'),
    expiresAt: EXPIRES_AT,
    ...more,
  };
}

export function storesContract(name: string, create: () => Promise<MemoryStores>): void {
  describe(`stores in ${name}`, () => {
    let stores: MemoryStores;

    beforeEach(async () => {
      stores = await create();
    });

    const subscribersOf = (channel: string) => collect(stores.subscriptions.of(channel, NOW));

    it('open a connection together with the subscriptions it is born with', async () => {
      const connection = connectionFixture({ user: 'ann' });
      const { connectionId } = connection;
      const born = [fresh('@all'), fresh('@user:ann')].map((channel) =>
        subscriptionFixture({ channel, connectionId, user: 'ann', handshakeUntil: NOW }),
      );

      await stores.connections.open(connection, born);

      expect(await subscribersOf(born[0]?.channel ?? '')).toEqual([born[0]]);
      expect(await subscribersOf(born[1]?.channel ?? '')).toEqual([born[1]]);
      expect((await stores.connections.remove(connectionId)).toSorted()).toEqual(
        born.map(({ channel }) => channel).toSorted(),
      );
    });

    it('add a channel to a connection that exists, once', async () => {
      const { connectionId } = await opened();

      expect(await stores.connections.addChannel(connectionId, 'open:a', 10)).toBe('added');
      expect(await stores.connections.addChannel(connectionId, 'open:a', 10)).toBe('added');

      expect(await stores.connections.remove(connectionId)).toContain('open:a');
    });

    it('add no channel to a connection that does not exist', async () => {
      const unknown = fresh('unknown');

      expect(await stores.connections.addChannel(unknown, 'open:a', 10)).toBe('gone');
      expect(await stores.connections.remove(unknown)).toEqual([]);
    });

    it('add channels up to the limit and not one more, but know the ones that are in', async () => {
      const { connectionId } = await opened();

      expect(await stores.connections.addChannel(connectionId, 'open:second', 2)).toBe('added');
      expect(await stores.connections.addChannel(connectionId, 'open:third', 2)).toBe('full');
      expect(await stores.connections.addChannel(connectionId, 'open:second', 2)).toBe('added');
    });

    it('remove a channel from a connection', async () => {
      const { connectionId } = await opened();
      await stores.connections.addChannel(connectionId, 'open:a', 10);

      await stores.connections.removeChannel(connectionId, 'open:a');

      expect(await stores.connections.remove(connectionId)).not.toContain('open:a');
    });

    it('do not bring a connection back by removing a channel from it', async () => {
      const { connectionId } = await opened();
      await stores.connections.remove(connectionId);

      await stores.connections.removeChannel(connectionId, 'open:a');

      expect(await stores.connections.addChannel(connectionId, 'open:a', 10)).toBe('gone');
    });

    it('answer the channels of a removed connection once, and none after that', async () => {
      const { connectionId, channel } = await opened();

      expect(await stores.connections.remove(connectionId)).toEqual([channel]);
      expect(await stores.connections.remove(connectionId)).toEqual([]);
    });

    it('answer every subscriber of a channel and nobody else', async () => {
      const channel = fresh('open:channel');
      const mine = [subscriptionFixture({ channel }), subscriptionFixture({ channel, user: 'ann' })];
      await Promise.all([...mine, subscriptionFixture()].map((row) => stores.subscriptions.put(row)));

      const found = await subscribersOf(channel);

      expect(found.toSorted(byConnection)).toEqual(mine.toSorted(byConnection));
    });

    it('keep one row per connection and channel, however often it subscribes', async () => {
      const row = subscriptionFixture();

      await stores.subscriptions.put(row);
      await stores.subscriptions.put(row);

      expect(await subscribersOf(row.channel)).toEqual([row]);
    });

    it('leave out what has expired but was not deleted yet (PX-8)', async () => {
      const channel = fresh('open:channel');
      const alive = subscriptionFixture({ channel, expiresAt: NOW / 1000 + 1 });
      await stores.subscriptions.put(alive);
      await stores.subscriptions.put(subscriptionFixture({ channel, expiresAt: NOW / 1000 }));

      expect(await subscribersOf(channel)).toEqual([alive]);
    });

    it('remove a connection from many channels and from no others', async () => {
      const connectionId = fresh('connection');
      const channels = Array.from({ length: 60 }, () => fresh('open:channel'));
      const rows = channels.map((channel) => subscriptionFixture({ channel, connectionId }));
      await Promise.all(rows.map((row) => stores.subscriptions.put(row)));
      const [kept = '', ...removed] = channels;

      await stores.subscriptions.remove(connectionId, removed);

      expect(await subscribersOf(kept)).toHaveLength(1);
      expect((await Promise.all(removed.map(subscribersOf))).flat()).toEqual([]);
    });

    it('answer subscribers beyond one page', async () => {
      const channel = fresh('open:channel');
      const user = 'u'.repeat(2_000);
      const rows = Array.from({ length: 600 }, () => subscriptionFixture({ channel, user }));
      for (const row of rows) await stores.subscriptions.put(row);

      expect(await subscribersOf(channel)).toHaveLength(rows.length);
    });

    async function opened(): Promise<{ connectionId: string; channel: string }> {
      const connection = connectionFixture();
      const { connectionId } = connection;
      const first = subscriptionFixture({ connectionId });
      await stores.connections.open(connection, [first]);
      return { connectionId, channel: first.channel };
    }
  });
}

function byConnection(one: Subscription, other: Subscription): number {
  return one.connectionId.localeCompare(other.connectionId);
}
