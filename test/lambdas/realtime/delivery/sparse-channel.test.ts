/** A delivery that finds few subscribers in many shards has the channel made narrower. */

import { beforeEach, describe, expect, it } from 'vitest';
import { deliver } from '../../../../lambdas/realtime/delivery/deliver.ts';
import type { Lane } from '../../../../lambdas/realtime/delivery/delivery-task.ts';
import { type MemoryPorts, memoryPorts, NOW, subscriptionFixture } from '../../../memory/memory-ports.ts';
import { broadcastFixture } from '../broadcasts.ts';
import { VirtualTime } from '../virtual-time.ts';

const CHANNEL = 'open:a';

let invocations = 0;
let time: VirtualTime;
let ports: MemoryPorts;

beforeEach(async () => {
  time = new VirtualTime();
  ports = { ...memoryPorts(), now: time.now, pause: time.pause };
  await ports.shards.grow(CHANNEL, 1, 8);
});

async function subscribe(count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const row = { channel: CHANNEL, connectionId: `c${n}`, shard: n % 8, shardCount: 8, expiresAt: NOW };
    await ports.subscriptions.put(subscriptionFixture(row));
  }
}

function work(more: Partial<Lane> = {}, others: Partial<MemoryPorts> = {}): Promise<void> {
  const broadcast = broadcastFixture({ channel: CHANNEL });
  const lane = { kind: 'lane', broadcast, from: { shard: 0 }, step: 1, shardCount: 8, startAt: NOW } as const;
  return time.until(deliver({ ...ports, ...others }, { ...lane, ...more }, `invocation ${invocations++}`));
}

const placedOver = () => ports.shards.placedOver(CHANNEL);

describe('a channel of eight shards', () => {
  it.each([
    [6, 1],
    [500, 1],
    [501, 2],
    [1_400, 4],
  ])('with %i subscribers is narrowed to %i after a delivery', async (subscribers, shards) => {
    await subscribe(subscribers);

    await work();

    expect(await placedOver()).toBe(shards);
  });

  it('is judged by the first lane, whose rows stand for those of the others', async () => {
    await subscribe(1_000);

    await work({ from: { shard: 1 }, step: 2 });
    expect(await placedOver()).toBe(8);
    await work({ step: 2 });
    expect(await placedOver()).toBe(2);
  });

  it('is not narrowed by a delivery that began elsewhere or goes on', async () => {
    await subscribe(6);
    await work({ from: { shard: 0, after: 'c0' } });
    expect(await placedOver()).toBe(8);

    await subscribe(3_000);
    await work();
    expect(await placedOver()).toBe(8);
  });

  it('gets its broadcast also when it cannot be narrowed', async () => {
    await subscribe(6);
    const spread = () => Promise.reject(new Error('throttled'));

    await work({}, { shards: { ...ports.shards, spread } });

    expect(ports.posts).toHaveLength(6);
    expect(ports.logged).toEqual([expect.stringContaining('could not be made narrower')]);
  });
});
