/** The border between a channel that is read at once and one that is left to workers: one shard, and two. */

import { describe, expect, it } from 'vitest';
import { shardFor } from '../../../../lambdas/realtime/connections/sharding.ts';
import {
  audienceNow,
  audienceOf,
  connectionsIn,
  isOccupied,
  subscribersOf,
} from '../../../../lambdas/realtime/delivery/audience.ts';
import { fanOut } from '../../../../lambdas/realtime/delivery/fan-out.ts';
import { collect, memoryPorts, NOW, subscriptionFixture } from '../../../memory/memory-ports.ts';

const CHANNEL = 'open:a';
const frame = new TextEncoder().encode('{}');

/** A channel with this number of shards, and one subscriber in each. */
async function channelOf(shards: number) {
  const ports = memoryPorts();
  if (shards > 1) await ports.shards.grow(CHANNEL, 1, shards);
  for (let shard = 0; shard < shards; shard++) {
    const row = subscriptionFixture({
      channel: CHANNEL,
      connectionId: `c${shard}`,
      shard,
      expiresAt: NOW + 1,
    });
    await ports.connections.open({ connectionId: row.connectionId, expiresAt: NOW + 1 }, [row]);
  }
  return ports;
}

describe('the audience of a channel', () => {
  it('of one shard is read at once', async () => {
    const ports = await channelOf(1);
    const page = { subscriptions: [{ connectionId: 'c0' }] };

    expect(await audienceOf(ports, CHANNEL, 1).first).toMatchObject(page);
    expect(await (await audienceNow(ports, CHANNEL)).first).toMatchObject(page);
  });

  it.each([2, 3, 8])('of %i shards is left to workers, which get all of its shards', async (shards) => {
    const ports = await channelOf(shards);

    for (const audience of [audienceOf(ports, CHANNEL, shards), await audienceNow(ports, CHANNEL)]) {
      expect(audience.first).toBeUndefined();
      await fanOut(ports, audience, frame);
    }
    expect(ports.posts).toEqual([]);
    expect(ports.started).toMatchObject([
      { kind: 'lane', from: { shard: 0 }, shardCount: shards },
      { kind: 'lane', from: { shard: 0 }, shardCount: shards },
    ]);
  });

  it.each([1, 2, 3])('of %i shards is read in all of its shards', async (shards) => {
    const ports = await channelOf(shards);
    const expected = Array.from({ length: shards }, (_, shard) => ({ connectionId: `c${shard}` }));

    expect(await collect(subscribersOf(ports, CHANNEL))).toMatchObject(expected);
  });
});

/** Counts the pages and the rows that are read. */
function counting(ports: ReturnType<typeof memoryPorts>) {
  const read = { pages: 0, rows: 0 };
  const page: typeof ports.subscriptions.page = async (...args) => {
    const found = await ports.subscriptions.page(...args);
    read.pages += 1;
    read.rows += found.subscriptions.length;
    return found;
  };
  return { read, ports: { ...ports, subscriptions: { ...ports.subscriptions, page } } };
}

describe('the connections of a channel', () => {
  it('are counted exactly if the channel has one shard, without those that have expired', async () => {
    const ports = await channelOf(1);
    await ports.subscriptions.put(
      subscriptionFixture({ channel: CHANNEL, connectionId: 'over', expiresAt: NOW / 1000 - 1 }),
    );

    expect(await connectionsIn(ports, CHANNEL)).toEqual({ connections: 1 });
  });

  it('are estimated by the first shard if the channel has several, within 10 %', async () => {
    const ports = memoryPorts();
    const subscribe = async (from: number, to: number, shardCount: number) => {
      for (let n = from; n < to; n++) {
        const connectionId = `connection-${n}=`;
        const place = {
          channel: CHANNEL,
          connectionId,
          shardCount,
          shard: shardFor(connectionId, shardCount),
        };
        await ports.subscriptions.put(subscriptionFixture({ ...place, expiresAt: NOW }));
      }
    };
    await subscribe(0, 1_000, 1);
    await ports.shards.grow(CHANNEL, 1, 8);
    await subscribe(1_000, 9_000, 8);
    const { read, ports: counted } = counting(ports);

    const { connections, estimated } = await connectionsIn(counted, CHANNEL);

    expect(estimated).toBe(true);
    expect(Math.abs(connections - 9_000)).toBeLessThan(900);
    expect(read.rows).toBeLessThan(2_500);
  });

  it('are not counted beyond 6,000 rows, and the count then says that it is an estimate', async () => {
    const ports = memoryPorts();
    for (let n = 0; n < 6_500; n++)
      await ports.subscriptions.put(
        subscriptionFixture({ channel: CHANNEL, connectionId: `c${n}`, expiresAt: NOW }),
      );

    expect(await connectionsIn(ports, CHANNEL)).toEqual({ connections: 6_000, estimated: true });
  });
});

describe('whether a channel is occupied', () => {
  it('is known from one page of eight rows if one of them is live', async () => {
    const { read, ports } = counting(memoryPorts());
    for (let n = 0; n < 300; n++)
      await ports.subscriptions.put(
        subscriptionFixture({ channel: CHANNEL, connectionId: `c${n}`, expiresAt: NOW }),
      );

    expect(await isOccupied(ports, CHANNEL)).toBe(true);
    expect(read).toEqual({ pages: 1, rows: 8 });
  });

  it('is found behind expired rows and in the last shard', async () => {
    const ports = memoryPorts();
    await ports.shards.grow(CHANNEL, 1, 3);
    const row = { channel: CHANNEL, shard: 2, shardCount: 3 };
    for (let n = 0; n < 150; n++)
      await ports.subscriptions.put(
        subscriptionFixture({ ...row, connectionId: `c${1_000 + n}`, expiresAt: NOW / 1000 }),
      );
    expect(await isOccupied(ports, CHANNEL)).toBe(false);

    await ports.subscriptions.put(subscriptionFixture({ ...row, connectionId: 'd', expiresAt: NOW }));
    expect(await isOccupied(ports, CHANNEL)).toBe(true);
  });
});
