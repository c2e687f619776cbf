/** A channel becomes narrow again: the steps of a worker, and the subscribers that stay connected. */

import { closingEvent } from 'fanfare-protocol/events';
import * as v from 'valibot';
import { beforeEach, describe, expect, it } from 'vitest';
import { forget, join } from '../../../../lambdas/realtime/connections/membership.ts';
import { narrow } from '../../../../lambdas/realtime/connections/narrowing.ts';
import { shardFor } from '../../../../lambdas/realtime/connections/sharding.ts';
import { type MemoryPorts, memoryPorts, NOW, subscriptionFixture } from '../../../memory/memory-ports.ts';
import { sessionFixture } from '../../sessions.ts';

const CHANNEL = 'open:a';
const MINUTE = 60_000;

let ports: MemoryPorts;

beforeEach(async () => {
  ports = memoryPorts();
  await ports.shards.grow(CHANNEL, 1, 8);
});

const step = (minutes = 0, wanted = 1) =>
  narrow({ ...ports, now: () => NOW + minutes * MINUTE }, CHANNEL, wanted);
const spread = () => ports.shards.spread(CHANNEL);

/** The id of a connection that belongs into this of eight shards. */
function idIn(shard: number): string {
  for (let n = 0; ; n++) if (shardFor(`c${n}=`, 8) === shard) return `c${n}=`;
}

async function subscribe(connectionId: string, among: Partial<MemoryPorts> = {}): Promise<void> {
  await ports.connections.open({ connectionId, expiresAt: NOW }, []);
  await join({ ...ports, ...among }, sessionFixture({ connectionId }), CHANNEL);
}

const rowsIn = async (shard: number) =>
  (await ports.subscriptions.page({ channel: CHANNEL, shard })).subscriptions;

describe('a channel with too many shards', () => {
  it('is marked at first, and still read in all of its shards', async () => {
    await step();

    expect(await spread()).toMatchObject({ count: 8, placedOver: 1 });
  });

  it('is read in fewer shards a minute later, if the upper ones are empty', async () => {
    await subscribe(idIn(0));
    await step();
    await step(0.9);
    expect(await ports.shards.count(CHANNEL)).toBe(8);

    await step(1);

    expect(await spread()).toEqual({ count: 1, placedOver: 1 });
    expect(await rowsIn(0)).toHaveLength(1);
  });

  it('asks the clients of the upper shards to move, and waits until they have', async () => {
    await subscribe(idIn(5));
    await subscribe(idIn(0));

    await step();
    await step(1);

    expect(ports.posts.map(({ connectionId }) => connectionId)).toEqual([idIn(5), idIn(5)]);
    for (const { frame } of ports.posts)
      expect(v.parse(closingEvent, frame).reconnectAfter).toBeLessThanOrEqual(40_000);
    expect(await ports.shards.count(CHANNEL)).toBe(8);

    await forget(ports, idIn(5));
    await step(1);

    expect(await ports.shards.count(CHANNEL)).toBe(1);
  });

  it('forgets connections of the upper shards that are gone or were over an hour ago', async () => {
    await subscribe(idIn(5));
    ports.peers.set(idIn(5), 'gone');
    const over = { channel: CHANNEL, shard: 6, connectionId: 'over=', expiresAt: NOW / 1000 - 3_601 };
    await ports.subscriptions.put(subscriptionFixture(over));

    await step();

    expect([await rowsIn(5), await rowsIn(6)]).toEqual([[], []]);
    expect(ports.posts).toEqual([]);
  });

  it('keeps a connection that is still in its handshake', async () => {
    ports.peers.set('new=', 'gone');
    const row = { channel: CHANNEL, shard: 5, connectionId: 'new=', expiresAt: NOW, handshakeUntil: NOW + 1 };
    await ports.subscriptions.put(subscriptionFixture(row));

    await step();

    expect(await rowsIn(5)).toHaveLength(1);
  });

  it('stays as it is if it has the wanted shards, and if it is @all', async () => {
    await step(0, 8);
    expect(await spread()).toEqual({ count: 8, placedOver: 8 });

    await ports.shards.grow('@all', 1, 8);
    await narrow(ports, '@all', 1);
    expect(await ports.shards.spread('@all')).toEqual({ count: 8, placedOver: 8 });
  });
});

describe('a subscriber', () => {
  it('that has chosen an upper shard before the mark moves before it is answered', async () => {
    await step();
    const stale = { ...ports.shards, recentCount: async () => 8 };

    await subscribe(idIn(5), { shards: stale });

    expect(await rowsIn(5)).toEqual([]);
    expect(await rowsIn(0)).toMatchObject([{ connectionId: idIn(5), shardCount: 1 }]);
    expect(await ports.connections.shardOf(idIn(5), CHANNEL)).toBe(0);
  });

  it('whose function died after it had written its row is moved when it subscribes again', async () => {
    const placedOver = () => Promise.reject(new Error('died'));
    await expect(subscribe(idIn(5), { shards: { ...ports.shards, placedOver } })).rejects.toThrow('died');
    await step();

    await join(ports, sessionFixture({ connectionId: idIn(5) }), CHANNEL);

    expect([await rowsIn(5), await rowsIn(0)]).toMatchObject([[], [{ connectionId: idIn(5) }]]);
  });

  it('in the first shard reads nothing more', async () => {
    const placedOver = () => Promise.reject(new Error('read'));

    await subscribe(idIn(0), { shards: { ...ports.shards, placedOver } });

    expect(await rowsIn(0)).toHaveLength(1);
  });
});
