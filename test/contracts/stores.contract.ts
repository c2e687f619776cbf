/** The contract of the stores. It runs in memory and on each DynamoDB API. */

import { beforeEach, describe, expect, it } from 'vitest';
import type { Connection } from '../../lambdas/realtime/connections/connection-store.ts';
import type { Placement, Subscription } from '../../lambdas/realtime/connections/subscription-store.ts';
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
    shard: 0,
    shardCount: 1,
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

    async function subscribersOf(channel: string, shard = 0): Promise<Subscription[]> {
      const found: Subscription[] = [];
      let after: string | undefined;
      do {
        const page = await stores.subscriptions.page({ channel, shard }, after);
        found.push(...page.subscriptions);
        after = page.next;
      } while (after !== undefined);
      return found;
    }

    it('keep whether a subscription is deaf; a subscription without the mark gets messages', async () => {
      const channel = fresh('open:channel');
      const [deaf, hearing] = [
        subscriptionFixture({ channel, isDeaf: true }),
        subscriptionFixture({ channel }),
      ];
      await stores.connections.open(connectionFixture({ connectionId: deaf.connectionId }), [deaf]);
      await stores.subscriptions.put(hearing);

      const found = await subscribersOf(channel);

      expect(found.find(({ connectionId }) => connectionId === deaf.connectionId)).toEqual(deaf);
      expect(found.find(({ connectionId }) => connectionId === hearing.connectionId)).toEqual(hearing);
    });

    it('open a connection together with its built-in subscriptions', async () => {
      const connection = connectionFixture({ user: 'ann' });
      const { connectionId } = connection;
      const born = [fresh('@all'), fresh('@user:ann')].map((channel) =>
        subscriptionFixture({ channel, connectionId, user: 'ann', handshakeUntil: NOW }),
      );

      await stores.connections.open(connection, born);

      expect(await subscribersOf(born[0]?.channel ?? '')).toEqual([born[0]]);
      expect(await subscribersOf(born[1]?.channel ?? '')).toEqual([born[1]]);
      expect((await stores.connections.remove(connectionId)).toSorted(byChannel)).toEqual(
        born.map(({ channel, shard }) => ({ channel, shard })).toSorted(byChannel),
      );
    });

    it('add a channel to a connection that exists, once', async () => {
      const { connectionId } = await opened();

      expect(await stores.connections.addChannel(connectionId, A, 10)).toEqual({ kind: 'added', shard: 0 });
      expect(await stores.connections.addChannel(connectionId, A, 10)).toEqual({ kind: 'added', shard: 0 });

      expect(await stores.connections.remove(connectionId)).toContainEqual(A);
    });

    it('leave a channel in the shard of its first subscription, and know that shard', async () => {
      const { connectionId } = await opened();
      await stores.connections.addChannel(connectionId, { channel: 'open:a', shard: 1 }, 10);

      expect(await stores.connections.addChannel(connectionId, { channel: 'open:a', shard: 7 }, 10)).toEqual({
        kind: 'added',
        shard: 1,
      });

      expect(await stores.connections.shardOf(connectionId, 'open:a')).toBe(1);
      expect(await stores.connections.shardOf(connectionId, 'open:unknown')).toBeUndefined();
      expect(await stores.connections.shardOf(fresh('unknown'), 'open:a')).toBeUndefined();
      expect(await stores.connections.remove(connectionId)).toContainEqual({ channel: 'open:a', shard: 1 });
    });

    it('add no channel to a connection that does not exist', async () => {
      const unknown = fresh('unknown');

      expect(await stores.connections.addChannel(unknown, A, 10)).toEqual({ kind: 'gone' });
      expect(await stores.connections.remove(unknown)).toEqual([]);
    });

    it('add channels up to the limit and not one more, but accept channels that are in already', async () => {
      const { connectionId } = await opened();

      const add = async (channel: string) =>
        (await stores.connections.addChannel(connectionId, { channel, shard: 0 }, 2)).kind;

      expect(await add('open:second')).toBe('added');
      expect(await add('open:third')).toBe('full');
      expect(await add('open:second')).toBe('added');
    });

    it('add many channels at once, and know which of them were there before', async () => {
      const { connectionId, channel } = await opened();
      await stores.connections.addChannel(connectionId, { channel: 'open:known', shard: 3 }, 200);
      const wanted = Array.from({ length: 98 }, (_, n) => ({
        channel: `open:${'x'.repeat(150)}${n}`,
        shard: n,
      }));
      const more = { channel: 'open:known', shard: 7 };

      const added = await stores.connections.addChannels(connectionId, [...wanted, more], 100);

      const all = [...wanted, { channel: 'open:known', shard: 3 }];
      expect(added).toEqual(all);
      expect(await stores.connections.addChannels(connectionId, [...wanted, more], 100)).toEqual(all);
      expect((await stores.connections.remove(connectionId)).toSorted(byChannel)).toEqual(
        [...all, { channel, shard: 0 }].toSorted(byChannel),
      );
    });

    it('add many channels up to the limit, and none of them beyond it', async () => {
      const { connectionId, channel } = await opened();
      const placements = [A, { channel: 'open:b', shard: 0 }];

      expect(await stores.connections.addChannels(connectionId, placements, 2)).toBeUndefined();
      expect(await stores.connections.shardOf(connectionId, 'open:b')).toBeUndefined();
      expect(await stores.connections.addChannels(connectionId, placements, 3)).toEqual(placements);
      const other = [...placements, { channel: 'open:c', shard: 0 }];
      expect(await stores.connections.addChannels(connectionId, other, 3)).toBeUndefined();

      expect((await stores.connections.remove(connectionId)).toSorted(byChannel)).toEqual(
        [...placements, { channel, shard: 0 }].toSorted(byChannel),
      );
    });

    it('add no channels to a connection that does not exist, and know that it is not stored', async () => {
      const unknown = fresh('unknown');
      const { connectionId } = await opened();

      expect(
        await stores.connections.addChannels(unknown, [A, { ...A, channel: 'open:b' }], 10),
      ).toBeUndefined();

      expect(await stores.connections.isStored(unknown)).toBe(false);
      expect(await stores.connections.isStored(connectionId)).toBe(true);
    });

    it('put many subscriptions at once', async () => {
      const connectionId = fresh('connection');
      const rows = Array.from({ length: 60 }, () => subscriptionFixture({ connectionId, isMember: true }));

      await stores.subscriptions.putAll(rows);

      expect((await Promise.all(rows.map(({ channel }) => subscribersOf(channel)))).flat()).toEqual(rows);
    });

    it('remove a channel from a connection', async () => {
      const { connectionId } = await opened();
      await stores.connections.addChannel(connectionId, A, 10);

      await stores.connections.removeChannel(connectionId, 'open:a');

      expect(await stores.connections.remove(connectionId)).not.toContainEqual(A);
    });

    it('do not bring a connection back by removing a channel from it', async () => {
      const { connectionId } = await opened();
      await stores.connections.remove(connectionId);

      await stores.connections.removeChannel(connectionId, 'open:a');

      expect(await stores.connections.addChannel(connectionId, A, 10)).toEqual({ kind: 'gone' });
    });

    it('return the channels of a removed connection once, and none after that', async () => {
      const { connectionId, channel } = await opened();

      expect(await stores.connections.remove(connectionId)).toEqual([{ channel, shard: 0 }]);
      expect(await stores.connections.remove(connectionId)).toEqual([]);
    });

    it('list the subscribers of a channel, and no subscriber of another channel', async () => {
      const channel = fresh('open:channel');
      const mine = [subscriptionFixture({ channel }), subscriptionFixture({ channel, user: 'ann' })];
      await Promise.all([...mine, subscriptionFixture()].map((row) => stores.subscriptions.put(row)));

      const found = await subscribersOf(channel);

      expect(found.toSorted(byConnection)).toEqual(mine.toSorted(byConnection));
    });

    it('keep one row per connection and channel, also if it subscribes several times', async () => {
      const row = subscriptionFixture();

      await stores.subscriptions.put(row);
      await stores.subscriptions.put(row);

      expect(await subscribersOf(row.channel)).toEqual([row]);
    });

    it('return rows that have expired but were not deleted yet (PX-8), with the time of their end', async () => {
      const expired = subscriptionFixture({ expiresAt: NOW / 1000 });
      await stores.subscriptions.put(expired);

      expect(await subscribersOf(expired.channel)).toEqual([expired]);
    });

    it('remove a connection from many channels and from no others', async () => {
      const connectionId = fresh('connection');
      const channels = Array.from({ length: 60 }, () => fresh('open:channel'));
      const rows = channels.map((channel) => subscriptionFixture({ channel, connectionId }));
      await Promise.all(rows.map((row) => stores.subscriptions.put(row)));
      const [kept = '', ...removed] = channels;

      await stores.subscriptions.remove(
        connectionId,
        removed.map((channel) => ({ channel, shard: 0 })),
      );

      expect(await subscribersOf(kept)).toHaveLength(1);
      expect((await Promise.all(removed.map((channel) => subscribersOf(channel)))).flat()).toEqual([]);
    });

    it('return subscribers beyond one page', async () => {
      const channel = fresh('open:channel');
      const user = 'u'.repeat(2_000);
      const rows = Array.from({ length: 600 }, () => subscriptionFixture({ channel, user }));
      for (const row of rows) await stores.subscriptions.put(row);
      const first = await stores.subscriptions.page({ channel, shard: 0 });

      expect(first.subscriptions.length).toBeLessThan(rows.length);
      expect(first.next).toBe(first.subscriptions.at(-1)?.connectionId);
      expect(await subscribersOf(channel)).toEqual(rows.toSorted(byConnection));
    });

    it('return no more rows of a page than are asked for, and where the page after it begins', async () => {
      const channel = fresh('open:channel');
      const rows = Array.from({ length: 5 }, () => subscriptionFixture({ channel }));
      for (const row of rows) await stores.subscriptions.put(row);
      const sorted = rows.toSorted(byConnection);

      const first = await stores.subscriptions.page({ channel, shard: 0 }, undefined, 2);
      const second = await stores.subscriptions.page({ channel, shard: 0 }, first.next, 9);

      expect(first).toEqual({ subscriptions: sorted.slice(0, 2), next: sorted[1]?.connectionId });
      expect(second).toEqual({ subscriptions: sorted.slice(2) });
    });

    it('keep the shards of a channel apart', async () => {
      const channel = fresh('open:channel');
      const rows = [0, 1, 2].map((shard) => subscriptionFixture({ channel, shard, shardCount: 4 }));
      for (const row of rows) await stores.subscriptions.put(row);

      expect(await subscribersOf(channel, 1)).toEqual([rows[1]]);
      expect(await subscribersOf(channel, 3)).toEqual([]);
    });

    it('count the rows of a shard that were placed while the channel had the given number of shards', async () => {
      const channel = fresh('open:channel');
      for (const shardCount of [1, 2, 2, 2])
        await stores.subscriptions.put(subscriptionFixture({ channel, shardCount }));

      expect(await stores.subscriptions.count({ channel, shard: 0 }, 2, 100)).toBe(3);
      expect(await stores.subscriptions.count({ channel, shard: 0 }, 4, 100)).toBe(0);
    });

    it('know one shard of a channel that was never used, and all shards of one that has grown', async () => {
      const channel = fresh('open:channel');

      expect(await stores.shards.count(channel)).toBe(1);
      await stores.shards.grow(channel, 1, 4);
      expect(await stores.shards.count(channel)).toBe(4);
      expect(await stores.shards.recentCount(channel)).toBe(4);
    });

    describe('of a channel that becomes narrow', () => {
      async function wideChannel() {
        const channel = fresh('open:channel');
        await stores.shards.grow(channel, 1, 8);
        return { channel, known: await stores.shards.spread(channel) };
      }

      it('place newcomers over fewer shards, and read all of them until the narrowing ends', async () => {
        const { channel, known } = await wideChannel();
        expect(known).toEqual({ count: 8, placedOver: 8 });

        expect(await stores.shards.narrow(channel, known, 2)).toBe(true);

        const marked = await stores.shards.spread(channel);
        expect(marked).toMatchObject({ count: 8, placedOver: 2, narrowing: { since: expect.any(Number) } });
        expect(await stores.shards.count(channel)).toBe(8);
        expect(await stores.shards.placedOver(channel)).toBe(2);

        await stores.shards.settle(channel, marked);

        expect(await stores.shards.spread(channel)).toEqual({ count: 2, placedOver: 2 });
        expect(await stores.shards.count(channel)).toBe(2);
      });

      it('take one of several marks that are made at once, and a next mark only from the one before', async () => {
        const { channel, known } = await wideChannel();

        const marks = await Promise.all([1, 2, 4].map((to) => stores.shards.narrow(channel, known, to)));
        const first = await stores.shards.spread(channel);

        expect(marks.filter(Boolean)).toHaveLength(1);
        expect(await stores.shards.narrow(channel, first, 1)).toBe(true);
        expect((await stores.shards.spread(channel)).narrowing?.mark).not.toBe(first.narrowing?.mark);
        expect(await stores.shards.narrow(channel, first, 1)).toBe(false);
      });

      it('end only the narrowing that the worker has looked at', async () => {
        const { channel, known } = await wideChannel();
        await stores.shards.narrow(channel, known, 2);
        const looked = await stores.shards.spread(channel);
        await stores.shards.narrow(channel, looked, 2);

        await stores.shards.settle(channel, looked);
        await stores.shards.settle(channel, known);

        expect(await stores.shards.count(channel)).toBe(8);
      });

      it('end it when the channel grows, and grow only from the number that newcomers are placed over', async () => {
        const { channel, known } = await wideChannel();
        await stores.shards.narrow(channel, known, 2);

        await stores.shards.grow(channel, 8, 16);
        expect(await stores.shards.spread(channel)).toMatchObject({ count: 8, placedOver: 2 });
        await stores.shards.grow(channel, 2, 4);

        expect(await stores.shards.spread(channel)).toEqual({ count: 8, placedOver: 8 });
        await stores.shards.grow(channel, 8, 16);
        expect(await stores.shards.count(channel)).toBe(16);
      });
    });

    it('remember another shard of a channel, if it is still the one that the worker has read', async () => {
      const { connectionId } = subscriptionFixture({ channel: '@all' });
      const channel = fresh('open:channel');
      await stores.connections.open({ connectionId, expiresAt: 1 }, []);
      await stores.connections.addChannel(connectionId, { channel, shard: 7 }, 9);

      await stores.connections.moveChannel(connectionId, channel, 7, 3);
      await stores.connections.moveChannel(connectionId, channel, 7, 1);
      await stores.connections.moveChannel('gone=', channel, 7, 1);

      expect(await stores.connections.shardOf(connectionId, channel)).toBe(3);
      expect(await stores.connections.shardOf('gone=', channel)).toBeUndefined();
    });

    it('grow the shards of a channel only from the number that the worker has read', async () => {
      const channel = fresh('open:channel');
      await stores.shards.grow(channel, 1, 8);

      await stores.shards.grow(channel, 1, 2);
      await stores.shards.grow(channel, 4, 2);

      expect(await stores.shards.count(channel)).toBe(8);
    });

    it('give a task to its first claimant, also on later claims, and refuse every other claimant', async () => {
      const piece = fresh('piece');

      expect(await stores.claims.claim(piece, 'first')).toBe('new');
      expect(await stores.claims.claim(piece, 'second')).toBe("another's");
      expect(await stores.claims.claim(piece, 'first')).toBe('new');
    });

    it('tell a claimant on a later claim that it started the next task before', async () => {
      const piece = fresh('piece');
      await stores.claims.claim(piece, 'first');

      await stores.claims.passOn(piece);

      expect(await stores.claims.claim(piece, 'first')).toBe('passed on');
      expect(await stores.claims.claim(piece, 'second')).toBe("another's");
    });

    it('keep the highest number of the late frames of a channel, in any order of the notes', async () => {
      const channel = fresh('open:late');
      expect(await stores.newestLate.newest(channel)).toBeUndefined();

      for (const seq of [1_763_793_000_041, 1_763_793_000_044, 1_763_793_000_042])
        await stores.lateFrames.note(channel, seq);

      expect(await stores.newestLate.newest(channel)).toBe(1_763_793_000_044);
      expect(await stores.newestLate.newest(fresh('open:late'))).toBeUndefined();
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

const A: Placement = { channel: 'open:a', shard: 0 };

function byChannel(one: Placement, other: Placement): number {
  return one.channel < other.channel ? -1 : 1;
}

function byConnection(one: Subscription, other: Subscription): number {
  return one.connectionId < other.connectionId ? -1 : 1;
}
