/** A repeated key causes its batch to be sent once more, also if shards and budget change between the repetitions. */

import { beforeEach, describe, expect, it } from 'vitest';
import { unmetered } from '../../../lambdas/realtime/access/meter.ts';
import { deliver } from '../../../lambdas/realtime/delivery/deliver.ts';
import { pieceOf } from '../../../lambdas/realtime/delivery/delivery-plan.ts';
import { publishLogged } from '../../../lambdas/realtime/log/publish.ts';
import type { Sender } from '../../../lambdas/realtime/log/sender.ts';
import { type MemoryPorts, memoryPorts, NOW, subscriptionFixture } from '../../memory/memory-ports.ts';

const CHANNEL = 'open:repeated';
const RETENTION = { retentionMs: 3_600_000 };
const ANN: Sender = { kind: 'user', id: 'ann' };

let ports: MemoryPorts;

beforeEach(() => {
  ports = memoryPorts();
});

const keyed = (...keys: readonly string[]) => keys.map((key) => ({ key, data: key }));

const publish = (drafts: readonly { key?: string; data: string }[], postsPerSecond = 5_000) => {
  const deliveries = { ...ports.deliveries, postsPerSecond };
  return publishLogged(
    { ports: { ...ports, deliveries }, channel: CHANNEL, retention: RETENTION },
    ANN,
    drafts,
    unmetered,
  );
};

/** The publisher dies when its messages are in the log, before any worker has its task. */
async function dyingPublish(drafts: Parameters<typeof publish>[0]): Promise<void> {
  const alive = ports;
  const start = () => Promise.reject(new Error('the publisher died'));
  ports = { ...alive, deliveries: { ...alive.deliveries, start } };
  await expect(publish(drafts)).rejects.toThrow('the publisher died');
  ports = alive;
}

async function subscribe(shard: number, shardCount: number): Promise<string> {
  const connectionId = `shard ${shard}`;
  const row = { channel: CHANNEL, connectionId, shard, shardCount, expiresAt: NOW / 1000 + 3_600 };
  await ports.subscriptions.put(subscriptionFixture(row));
  return connectionId;
}

/** Runs the started workers, and the workers that they start. Each start is an invocation of its own. */
async function work(): Promise<void> {
  let invocations = 0;
  for (let task = ports.started.shift(); task; task = ports.started.shift()) {
    invocations += 1;
    await deliver(ports, task, `invocation ${invocations} of ${ports.started.length}`);
  }
}

/** Without the requests to move, which a channel that becomes narrow sends. */
const postsTo = (connectionId: string) =>
  ports.posts.filter(
    (post) => post.connectionId === connectionId && !JSON.stringify(post.frame).includes('closing'),
  );

describe('a repetition', () => {
  it('posts nothing itself, and starts one lane for its batch, under the same name each time', async () => {
    await publish(keyed('a', 'b'));

    for (let times = 0; times < 3; times++) await publish(keyed('b', 'a'));

    expect(ports.posts).toEqual([]);
    expect(ports.started).toHaveLength(3);
    expect(new Set(ports.started.map((task) => task.kind === 'lane' && pieceOf(task)))).toEqual(
      new Set([`again/${CHANNEL}/${NOW + 1}/0/`]),
    );
  });

  it('starts one lane for each batch that it repeats, and each is the frame that it was', async () => {
    const subscriber = await subscribe(0, 1);
    await publish(keyed('a', 'b'));
    await publish(keyed('c'));
    const before = ports.posts.map(({ frame }) => frame);

    await publish(keyed('a', 'c', 'b', 'd'));
    const [, , fresh] = ports.posts;
    expect(ports.started).toHaveLength(2);
    await work();

    const frames = postsTo(subscriber).map(({ frame }) => JSON.stringify(frame));
    const expected = [...before, fresh?.frame, ...before].map((frame) => JSON.stringify(frame));
    expect(frames.toSorted()).toEqual(expected.toSorted());
  });

  it.each([
    ['wide channel', 0, 4],
    ['channel of 16 subscribers', 16, 1],
  ])(
    'posts and starts nothing in a %s whose subscribers were all served',
    async (_name, subscribers, shards) => {
      for (let index = 0; index < subscribers; index++) {
        const row = { channel: CHANNEL, connectionId: `one of many ${index}`, expiresAt: NOW / 1000 + 3_600 };
        await ports.subscriptions.put(subscriptionFixture(row));
      }
      if (shards > 1) await ports.shards.grow(CHANNEL, 1, shards);
      await publish(keyed('a', 'b'));
      const [posts, starts] = [ports.posts.length, ports.started.length];

      expect(await publish(keyed('a', 'b'))).toEqual([NOW + 1, NOW + 2]);

      expect([ports.posts.length, ports.started.length]).toEqual([posts, starts]);
    },
  );

  it('tells the numbers that it gave up in the frame of the next message, or at once if that is on its way', async () => {
    const subscriber = await subscribe(0, 1);
    await publish(keyed('a'));
    await publish(keyed('a'));
    await publish(keyed('a'));
    await publish(keyed('b'));
    const { channelLog } = ports;
    const behind = { ...channelLog, leave: async () => false };
    ports = { ...ports, channelLog: behind };
    await publish(keyed('b'));

    const told = postsTo(subscriber).map(({ frame }) => frame);
    expect(told).toMatchObject([
      { first: NOW + 1, messages: [{ seq: NOW + 1, data: 'a' }] },
      {
        messages: [
          { seq: NOW + 2, void: true },
          { seq: NOW + 3, void: true },
          { seq: NOW + 4, data: 'b' },
        ],
      },
      { messages: [{ seq: NOW + 5, void: true }] },
    ]);
  });

  it('is delivered once, although shards and the budget grow between its starts', async () => {
    const subscribers = [await subscribe(0, 1)];
    await publish(keyed('a'));
    await publish(keyed('a'));
    await ports.shards.grow(CHANNEL, 1, 2);
    subscribers.push(await subscribe(1, 2));
    await publish(keyed('a'), 20_000);
    await ports.shards.grow(CHANNEL, 2, 8);
    for (let shard = 2; shard < 8; shard++) subscribers.push(await subscribe(shard, 8));
    await publish(keyed('a'), 50_000);
    const starts = [...ports.started];

    for (const [index, task] of [...starts, ...starts].entries())
      await deliver(ports, task, `worker ${index}`);

    expect(ports.started).toHaveLength(starts.length);
    expect(subscribers.map((id) => postsTo(id).length)).toEqual([2, 0, 0, 0, 0, 0, 0, 0]);
  });

  it.each(['first', 'second', 'third'])(
    'reaches all shards if any of its three starts comes %s',
    async (turn) => {
      const order = { first: [0, 1, 2], second: [1, 2, 0], third: [2, 0, 1] }[turn] ?? [];
      await ports.shards.grow(CHANNEL, 1, 4);
      const subscribers = await Promise.all([0, 1, 2, 3].map((shard) => subscribe(shard, 4)));
      await dyingPublish(keyed('a'));
      for (const budget of [1_000, 20_000, 50_000]) await publish(keyed('a'), budget);
      const starts = ports.started.splice(0);

      for (const at of order) {
        const task = starts[at];
        if (task) await deliver(ports, task, `worker ${at}`);
      }

      expect(subscribers.map((id) => postsTo(id).length)).toEqual([1, 1, 1, 1]);
    },
  );

  it('is done again by the invocation that died, and by no other', async () => {
    const subscriber = await subscribe(0, 1);
    await publish(keyed('a'));
    await publish(keyed('a'));
    const [task] = ports.started.splice(0);
    if (!task) throw new Error('Nothing was started');
    const page = () => Promise.reject(new Error('the worker died'));
    const dying = deliver({ ...ports, subscriptions: { ...ports.subscriptions, page } }, task, 'first');
    await expect(dying).rejects.toThrow('the worker died');

    await deliver(ports, task, 'second');
    expect(postsTo(subscriber)).toHaveLength(1);
    await deliver(ports, task, 'first');

    expect(postsTo(subscriber)).toHaveLength(2);
  });

  it('of a message that was deleted from the table starts no lane, and publishes it again', async () => {
    await publish(keyed('a'));
    ports.channelLog.expire(CHANNEL, NOW + 1);

    expect(await publish(keyed('a'))).toEqual([NOW + 2]);

    expect(ports.started).toEqual([]);
  });

  it('of a key within one publish starts no lane', async () => {
    expect(await publish([...keyed('a'), ...keyed('a')])).toEqual([NOW + 1, NOW + 1]);

    expect(ports.started).toEqual([]);
  });
});
