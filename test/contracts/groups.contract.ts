/** The contract of rows that several channels of a group share. It runs in memory and on each DynamoDB API. */

import { beforeEach, describe, expect, it } from 'vitest';
import type { Subscription } from '../../lambdas/realtime/connections/subscription-store.ts';
import type { MemoryStores } from '../memory/memory-stores.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const EXPIRES_AT = NOW / 1000 + 60;
const LIMIT = 4;

let counter = 0;

export function groupsContract(name: string, create: () => Promise<MemoryStores>): void {
  describe(`rows of groups in ${name}`, () => {
    let stores: MemoryStores;
    let row: Subscription;

    beforeEach(async () => {
      stores = await create();
      counter += 1;
      row = {
        channel: `open:*${counter}`,
        connectionId: `connection${counter}`,
        shard: 0,
        shardCount: 2,
        expiresAt: EXPIRES_AT,
      };
    });

    const follow = (...channels: string[]) => stores.subscriptions.follow(row, channels, LIMIT);
    const followed = async () => (await stores.subscriptions.followed(row.connectionId, row)).toSorted();

    it('name the channels that were added, each once, and know whether they are new', async () => {
      expect(await followed()).toEqual([]);

      expect(await follow('open:a', 'open:b')).toBe('new');
      expect(await follow('open:b', 'open:c')).toBe('known');

      expect(await followed()).toEqual(['open:a', 'open:b', 'open:c']);
    });

    it('name at most as many channels as the limit says, and accept those that they name', async () => {
      await follow('open:a', 'open:b', 'open:c');

      expect(await follow('open:d', 'open:e')).toBe('full');
      expect(await follow('open:a', 'open:b', 'open:c', 'open:d')).toBe('known');
      expect(await follow('open:e')).toBe('full');
      expect(await follow('open:d')).toBe('known');

      expect(await followed()).toEqual(['open:a', 'open:b', 'open:c', 'open:d']);
    });

    it('are not made for more channels than the limit says', async () => {
      expect(await follow('open:a', 'open:b', 'open:c', 'open:d', 'open:e')).toBe('full');

      expect((await stores.subscriptions.page(row)).subscriptions).toEqual([]);
    });

    it('lose the channels that are removed, and stay', async () => {
      await follow('open:a', 'open:b');

      await stores.subscriptions.unfollow(row.connectionId, row, ['open:a', 'open:unknown']);
      expect(await followed()).toEqual(['open:b']);
      await stores.subscriptions.unfollow(row.connectionId, row, ['open:b']);
      expect(await followed()).toEqual([]);

      expect((await stores.subscriptions.page(row)).subscriptions).toEqual([row]);
      expect(await follow('open:b')).toBe('known');
      expect(await followed()).toEqual(['open:b']);
    });

    it('are not made by a removal', async () => {
      await stores.subscriptions.unfollow(row.connectionId, row, ['open:a']);

      expect((await stores.subscriptions.page(row)).subscriptions).toEqual([]);
    });

    it('are removed with all that they name', async () => {
      await follow('open:a');

      await stores.subscriptions.remove(row.connectionId, [row]);

      expect(await followed()).toEqual([]);
      expect(await follow('open:b')).toBe('new');
      expect(await followed()).toEqual(['open:b']);
    });

    it('take the end of the last addition, and keep the number of shards of the first', async () => {
      await stores.subscriptions.follow({ ...row, user: 'ann', grantUntil: EXPIRES_AT }, ['open:a'], LIMIT);
      expect(await stores.leases.grantOf(row.connectionId, row)).toEqual({ grantUntil: EXPIRES_AT });

      await stores.subscriptions.follow(
        { ...row, user: 'ann', shardCount: 4, expiresAt: EXPIRES_AT + 1 },
        ['open:b'],
        LIMIT,
      );

      expect(await stores.leases.grantOf(row.connectionId, row)).toEqual({});
      expect((await stores.subscriptions.page(row)).subscriptions).toEqual([
        { ...row, user: 'ann', expiresAt: EXPIRES_AT + 1 },
      ]);
    });

    it('are found by a channel, in pages that count what was looked at', async () => {
      for (let n = 0; n < 5; n++)
        await stores.subscriptions.follow(
          { ...row, connectionId: `${row.connectionId}-${n}` },
          n % 2 === 0 ? ['open:even', 'open:all'] : ['open:all'],
          LIMIT,
        );

      const first = await stores.subscriptions.page(row, undefined, 3, 'open:even');
      const rest = await stores.subscriptions.page(row, first.next, 3, 'open:even');

      const ids = ({ subscriptions }: typeof first) =>
        subscriptions.map(({ connectionId }) => connectionId.at(-1));
      expect([ids(first), first.looked]).toEqual([['0', '2'], 3]);
      expect([ids(rest), rest.looked, rest.next]).toEqual([['4'], 2, undefined]);
      expect(ids(await stores.subscriptions.page(row, undefined, 9, 'open:ev'))).toEqual([]);
    });

    it('keep the channels of additions and removals that come at the same time', async () => {
      await follow('open:a', 'open:b');

      await Promise.all([
        follow('open:c'),
        stores.subscriptions.unfollow(row.connectionId, row, ['open:a']),
        follow('open:d'),
      ]);

      expect(await followed()).toEqual(['open:b', 'open:c', 'open:d']);
    });

    it('are named by their connection beside its channels, in the shard of the first time, without a limit', async () => {
      const { connectionId, channel } = row;
      await stores.connections.open({ connectionId, expiresAt: EXPIRES_AT }, []);
      const groups = [
        { channel, shard: 3 },
        { channel: `${channel}0`, shard: 1 },
      ];

      expect(await stores.connections.addGroups(connectionId, groups.slice(0, 1))).toEqual(
        groups.slice(0, 1),
      );
      expect(
        await stores.connections.addGroups(
          connectionId,
          groups.map((one) => ({ ...one, shard: 1 })),
        ),
      ).toEqual(groups);
      expect(await stores.connections.addChannel(connectionId, { channel: 'open:a', shard: 0 }, 1)).toEqual({
        kind: 'added',
        shard: 0,
      });

      expect(await stores.connections.shardOf(connectionId, channel)).toBe(3);
      expect(await stores.connections.remove(connectionId)).toEqual(
        expect.arrayContaining([...groups, { channel: 'open:a', shard: 0 }]),
      );
      expect(await stores.connections.addGroups(connectionId, groups)).toBeUndefined();
    });

    it('are shown as the channels of their connection, and no group is shown as a channel', async () => {
      const { connectionId, channel } = row;
      await stores.connections.open({ connectionId, expiresAt: EXPIRES_AT }, []);
      await stores.connections.addGroups(connectionId, [{ channel, shard: 0 }]);
      await follow('open:b', 'open:a');
      await stores.shards.grow(channel, 1, 2);

      expect((await stores.directory.connection(connectionId))?.channels).toEqual([]);
      expect(await stores.directory.grouped(connectionId)).toEqual(['open:a', 'open:b']);
      expect((await stores.directory.channels()).heads.map((head) => head.channel)).not.toContain(channel);
    });

    it('are found again if their connection could not be forgotten', async () => {
      const { connectionId, channel } = row;

      await stores.connections.owe(connectionId, [{ channel, shard: 2 }]);

      expect(await stores.connections.remove(connectionId)).toEqual([{ channel, shard: 2 }]);
    });
  });
}
