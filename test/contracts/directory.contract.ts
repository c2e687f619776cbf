/** The contract of directories, which look up the items of the other stores. It runs in memory and on each DynamoDB API. */

import { beforeEach, describe, expect, it } from 'vitest';
import type { Directory } from '../../lambdas/operations/directory.ts';
import type { ChargeStore } from '../../lambdas/realtime/access/charge-store.ts';
import type { ConnectionStore } from '../../lambdas/realtime/connections/connection-store.ts';
import type { ShardStore } from '../../lambdas/realtime/connections/shard-store.ts';
import type { OccupancyStore } from '../../lambdas/realtime/lifecycle/occupancy.ts';
import type { LogStore } from '../../lambdas/realtime/log/log-store.ts';
import { subscriptionFixture } from '../memory/memory-ports.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const END = NOW / 1000 + 7_200;

interface Stores {
  readonly directory: Directory;
  readonly connections: ConnectionStore;
  readonly charges: ChargeStore;
  readonly shards: ShardStore;
  readonly channelLog: LogStore;
  readonly occupancy: OccupancyStore;
}

let counter = 0;

export function directoryContract(name: string, create: () => Promise<Stores>): void {
  describe(`the directory in ${name}`, () => {
    let stores: Stores;
    /** Other facts share the tables, so the items of this fact have this prefix. */
    let own: string;

    beforeEach(async () => {
      stores = await create();
      counter += 1;
      own = `directory${counter}-`;
    });

    /** The items of this fact on all pages, and the number of pages. */
    async function onAllPages<Entry>(
      read: (cursor?: string) => Promise<{ readonly entries: readonly Entry[]; readonly next?: string }>,
      nameOf: (entry: Entry) => string,
    ) {
      const found: Entry[] = [];
      let pages = 0;
      for (let cursor: string | undefined, goesOn = true; goesOn; pages += 1) {
        const { entries, next } = await read(cursor);
        found.push(...entries.filter((entry) => nameOf(entry).includes(own)));
        cursor = next;
        goesOn = next !== undefined;
      }
      const sorted = found.toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
      return { found: sorted, pages };
    }

    const allConnections = () =>
      onAllPages(
        async (cursor) => {
          const { connections: entries, ...next } = await stores.directory.connections(cursor);
          return { entries, ...next };
        },
        ({ connectionId }) => connectionId,
      );
    const allChannels = () =>
      onAllPages(
        async (cursor) => {
          const { heads: entries, ...next } = await stores.directory.channels(cursor);
          return { entries, ...next };
        },
        ({ channel }) => channel,
      );
    const names = (count: number) =>
      Array.from({ length: count }, (_, n) => `${own}${String(n).padStart(3, '0')}=`);

    it('knows a connection with its user, its channels and its end', async () => {
      const [connectionId = ''] = names(1);
      const home = subscriptionFixture({ channel: '@user:ann', connectionId, user: 'ann' });
      await stores.connections.open({ connectionId, user: 'ann', expiresAt: END }, [home]);
      await stores.connections.addChannel(connectionId, { channel: 'open:a', shard: 3 }, 100);

      const found = await stores.directory.connection(connectionId);

      expect({ ...found, channels: found?.channels.toSorted() }).toEqual({
        connectionId,
        user: 'ann',
        channels: ['@user:ann', 'open:a'],
        expiresAt: END,
      });
    });

    it('knows an anonymous connection without a user, and one without channels', async () => {
      const [connectionId = ''] = names(1);
      await stores.connections.open({ connectionId, expiresAt: END }, []);

      expect(await stores.directory.connection(connectionId)).toEqual({
        connectionId,
        channels: [],
        expiresAt: END,
      });
    });

    it('does not show the charges of a connection', async () => {
      const [connectionId = ''] = names(1);
      await stores.connections.open({ connectionId, expiresAt: END }, []);
      const bill = { costMs: 1, burstMs: 10, now: NOW, isBusy: false, isKnown: false };
      await stores.charges.charge(connectionId, bill);

      expect(await stores.directory.connection(connectionId)).toEqual({
        connectionId,
        channels: [],
        expiresAt: END,
      });
    });

    it('does not know a connection that never existed, or was removed', async () => {
      const [connectionId = ''] = names(1);
      expect(await stores.directory.connection(connectionId)).toBeUndefined();

      await stores.connections.open({ connectionId, expiresAt: END }, []);
      await stores.connections.remove(connectionId);

      expect(await stores.directory.connection(connectionId)).toBeUndefined();
      expect((await allConnections()).found).toEqual([]);
    });

    it('lists every connection once, over several pages, with all its fields', async () => {
      const ids = names(130);
      await Promise.all(
        ids.map((connectionId) =>
          stores.connections.open({ connectionId, user: 'ann', expiresAt: END }, [
            subscriptionFixture({ channel: '@user:ann', connectionId }),
          ]),
        ),
      );

      const { found, pages } = await allConnections();

      expect(found).toEqual(
        ids.map((connectionId) => ({
          connectionId,
          user: 'ann',
          channels: ['@user:ann'],
          expiresAt: END,
        })),
      );
      expect(pages).toBeGreaterThan(1);
    });

    it('lists every channel once, over several pages, with the number of its last message', async () => {
      const channels = names(130).map((part) => `open:${part}`);
      const heads = await Promise.all(
        channels.map(async (channel, n) => {
          const { seq } = await stores.channelLog.raise(channel, n + 1, NOW);
          return { channel, seq };
        }),
      );

      const { found, pages } = await allChannels();

      expect(found).toEqual(heads);
      expect(pages).toBeGreaterThan(1);
    });

    it('lists a channel that has grown and keeps no history, without a number', async () => {
      const channel = `live:${own}`;
      await stores.shards.grow(channel, 1, 4);

      expect((await allChannels()).found).toEqual([{ channel }]);
    });

    it('lists channels that are occupied, over several pages, beside those that keep a history', async () => {
      const channels = names(130).map((part) => `live:${part}`);
      await Promise.all(
        channels.map((channel) =>
          stores.occupancy.change(channel, undefined, { occupied: true, version: NOW }),
        ),
      );
      const logged = `open:${own}`;
      const { seq } = await stores.channelLog.raise(logged, 1, NOW);

      const { found, pages } = await allChannels();

      expect(found).toEqual([...channels.map((channel) => ({ channel })), { channel: logged, seq }]);
      expect(pages).toBeGreaterThan(1);
    });

    it('lists a channel once that is occupied and keeps a history', async () => {
      const channel = `open:${own}`;
      const { seq } = await stores.channelLog.raise(channel, 1, NOW);
      await stores.occupancy.change(channel, undefined, { occupied: true, version: NOW });

      expect((await allChannels()).found).toEqual([{ channel, seq }]);
    });

    it('does not list a channel that was vacated', async () => {
      const channel = `live:${own}`;
      await stores.occupancy.change(channel, undefined, { occupied: false, version: NOW });

      expect((await allChannels()).found).toEqual([]);
    });

    it('goes on after the last item of a page, also if that item was removed meanwhile', async () => {
      const ids = names(130);
      await Promise.all(
        ids.map((connectionId) => stores.connections.open({ connectionId, expiresAt: END }, [])),
      );
      const first = await stores.directory.connections();
      await Promise.all(first.connections.map(({ connectionId }) => stores.connections.remove(connectionId)));

      const second = await stores.directory.connections(first.next);

      const seen = new Set(first.connections.map(({ connectionId }) => connectionId));
      expect(first.next).toBeDefined();
      expect(second.connections.length).toBeGreaterThan(0);
      expect(second.connections.filter(({ connectionId }) => seen.has(connectionId))).toEqual([]);
    });

    it.each([
      ['no text', ''],
      ['words', 'not a cursor'],
      ['no object', Buffer.from('7').toString('base64url')],
      ['another object', Buffer.from('{"before":"a"}').toString('base64url')],
      ['the key of nothing', Buffer.from('{"after":""}').toString('base64url')],
      ['a key that is no text', Buffer.from('{"after":{"S":"a"}}').toString('base64url')],
    ])('refuses a cursor that is %s', async (_what, cursor) => {
      for (const read of [stores.directory.connections, stores.directory.channels])
        await expect(read(cursor)).rejects.toMatchObject({ code: 'bad-request' });
    });
  });
}
