/** The border between a channel that is read at once and one that is left to workers: one shard, and two. */

import { describe, expect, it } from 'vitest';
import {
  audienceNow,
  audienceOf,
  connectionsIn,
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

  it.each([1, 2, 3])('of %i shards is counted in all of its shards', async (shards) => {
    const ports = await channelOf(shards);
    const expected = Array.from({ length: shards }, (_, shard) => ({ connectionId: `c${shard}` }));

    expect(await collect(subscribersOf(ports, CHANNEL))).toMatchObject(expected);
    expect(await connectionsIn(ports, CHANNEL)).toBe(shards);
  });
});
