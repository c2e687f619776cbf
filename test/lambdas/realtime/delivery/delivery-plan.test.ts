import { MESSAGE_BYTES } from 'fanfare-protocol/limits';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import {
  lanesOf,
  stragglersOf,
  WORKER_POSTS_PER_SECOND,
} from '../../../../lambdas/realtime/delivery/delivery-plan.ts';
import { deliveryTask } from '../../../../lambdas/realtime/delivery/delivery-task.ts';
import { broadcastFixture } from '../broadcasts.ts';

const NOW = 1_000;

describe('the lanes of a broadcast', () => {
  it('are one lane when the budget feeds no more', () => {
    const broadcast = broadcastFixture({ postsPerSecond: WORKER_POSTS_PER_SECOND });

    expect(lanesOf(broadcast, 64, NOW)).toEqual([
      { kind: 'lane', broadcast, from: { shard: 0 }, step: 1, shardCount: 64, startAt: NOW },
    ]);
  });

  it('divide the budget evenly, as many as it can feed, and take the shards in turn', () => {
    const lanes = lanesOf(broadcastFixture({ postsPerSecond: 3 * WORKER_POSTS_PER_SECOND }), 64, NOW);

    expect(lanes.map(({ from, step, shardCount }) => [from.shard, step, shardCount])).toEqual([
      [0, 3, 64],
      [1, 3, 64],
      [2, 3, 64],
    ]);
    for (const { broadcast } of lanes) expect(broadcast.postsPerSecond).toBe(WORKER_POSTS_PER_SECOND);
  });

  it('are at most as many as the shards', () => {
    const lanes = lanesOf(broadcastFixture({ postsPerSecond: 100 * WORKER_POSTS_PER_SECOND }), 2, NOW);

    expect(lanes.map(({ from, step }) => [from.shard, step])).toEqual([
      [0, 2],
      [1, 2],
    ]);
  });
});

describe('the tasks of stragglers', () => {
  const recipients = Array.from({ length: 1_000 }, (_, index) => ({
    connectionId: `L0SM9cOFvHcC${index}=`,
    shard: 1_023,
    expiresAt: Date.UTC(2026, 10, 22) / 1000,
    handshakeUntil: Date.UTC(2026, 10, 22),
  }));

  it('name each recipient once', () => {
    const tasks = stragglersOf(broadcastFixture(), recipients, 1);

    expect(tasks.flatMap((task) => task.recipients)).toEqual(recipients);
  });

  it('fit into an asynchronous invocation of 256 KB, also with the largest message', () => {
    const frame = Buffer.alloc(MESSAGE_BYTES).toString('base64');

    const tasks = stragglersOf(broadcastFixture({ frame }), recipients, 1);

    expect(tasks.length).toBeGreaterThan(1);
    expect(tasks.filter((task) => JSON.stringify(task).length >= 256 * 1024)).toEqual([]);
  });

  it('survive the way to the worker', () => {
    const [stragglers, lanes] = [
      stragglersOf(broadcastFixture(), recipients, 1),
      lanesOf(broadcastFixture(), 4, NOW),
    ];
    const tasks = [...stragglers, ...lanes];

    expect([stragglers.length, lanes.length]).not.toContain(0);
    expect(tasks.map((task) => v.parse(deliveryTask, JSON.parse(JSON.stringify(task))))).toEqual(tasks);
  });
});
