import * as v from 'valibot';
import { beforeEach, describe, expect, it } from 'vitest';
import { deliver, release } from '../../../../lambdas/realtime/delivery/deliver.ts';
import { BATCH_SIZE, STRAGGLER_ATTEMPTS } from '../../../../lambdas/realtime/delivery/delivery-plan.ts';
import {
  type DeliveryTask,
  deliveryTask,
  type Lane,
  type Stragglers,
} from '../../../../lambdas/realtime/delivery/delivery-task.ts';
import { type MemoryPorts, memoryPorts, NOW, subscriptionFixture } from '../../../memory/memory-ports.ts';
import { broadcastFixture } from '../broadcasts.ts';
import { VirtualTime } from '../virtual-time.ts';

const CHANNEL = 'open:a';

function laneFixture(more: Partial<Lane> = {}): Lane {
  return {
    kind: 'lane',
    broadcast: broadcastFixture({ channel: CHANNEL }),
    from: { shard: 0 },
    step: 1,
    shardCount: 1,
    startAt: NOW,
    ...more,
  };
}

function stragglersFixture(attempt: number, ...connectionIds: string[]): Stragglers {
  const recipients = connectionIds.map((connectionId) => ({ connectionId, shard: 0, expiresAt: NOW }));
  return { kind: 'stragglers', broadcast: broadcastFixture({ channel: CHANNEL }), recipients, attempt };
}

let time: VirtualTime;
let ports: MemoryPorts;
let invocations: number;

beforeEach(() => {
  time = new VirtualTime();
  ports = { ...memoryPorts(), now: time.now, pause: time.pause };
  invocations = 0;
});

const work = (
  task: DeliveryTask,
  invocation = `invocation-${invocations++}`,
  more: Partial<MemoryPorts> = {},
) => time.until(deliver({ ...ports, ...more }, task, invocation));

/** Runs the started workers, and the workers that they start. */
async function workAll(first: DeliveryTask): Promise<void> {
  await work(first);
  for (let next = ports.started.shift(); next; next = ports.started.shift()) await work(next);
}

const reached = () => ports.posts.map(({ connectionId }) => connectionId);

/** Subscribers, spread over the shards in turn. */
async function subscribe(count: number, shardCount = 1): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => `c${String(index).padStart(5, '0')}`);
  for (const [index, connectionId] of ids.entries()) {
    const shard = index % shardCount;
    await ports.subscriptions.put(subscriptionFixture({ channel: CHANNEL, connectionId, shard, shardCount }));
  }
  return ids;
}

describe('a lane', () => {
  it('reaches everyone in its shards once, batch after batch, and no other connection', async () => {
    const ids = await subscribe(4.5 * BATCH_SIZE, 3);

    await workAll(laneFixture({ step: 2, shardCount: 3 }));

    expect(reached().toSorted()).toEqual(ids.filter((_, index) => index % 3 !== 1));
    expect(invocations).toBe(3);
  });

  it('for observers posts to observers only, and reads only the rows that it has time for', async () => {
    await subscribe(12 * BATCH_SIZE, 3);
    for (const [shard, connectionId] of ['x', 'y', 'z'].entries())
      await ports.subscriptions.put(
        subscriptionFixture({ channel: CHANNEL, connectionId, shard, shardCount: 3, seesMembers: true }),
      );

    await workAll(
      laneFixture({ shardCount: 3, broadcast: broadcastFixture({ channel: CHANNEL, to: 'observers' }) }),
    );

    expect(reached().toSorted()).toEqual(['x', 'y', 'z']);
    expect(invocations).toBe(2);
  });

  it('sends a diff to observers that take diffs, and its changes one by one to others', async () => {
    for (const [connectionId, takesDiffs] of [
      ['new', true],
      ['old', false],
    ] as const)
      await ports.subscriptions.put(
        subscriptionFixture({ channel: CHANNEL, connectionId, shardCount: 3, seesMembers: true, takesDiffs }),
      );
    const [ann, bob, cid] = ['ann', 'bob', 'cid'].map((user, at) => ({ user, at }));
    const diff = [
      { event: 'joined', channel: CHANNEL, members: [ann, bob] },
      { event: 'left', channel: CHANNEL, members: [cid] },
    ];
    const frame = Buffer.from(JSON.stringify(diff)).toString('base64');

    await workAll(
      laneFixture({
        shardCount: 3,
        broadcast: broadcastFixture({ channel: CHANNEL, to: 'observers', frame }),
      }),
    );

    const to = (name: string) =>
      ports.posts.filter(({ connectionId }) => connectionId === name).map((post) => post.frame);
    expect(to('new')).toEqual([diff]);
    expect(to('old')).toEqual([
      { event: 'joined', channel: CHANNEL, member: ann },
      { event: 'joined', channel: CHANNEL, member: bob },
      { event: 'left', channel: CHANNEL, member: cid },
    ]);
  });

  it('is for all subscribers if its task does not name a group', () => {
    const { to: _, ...broadcast } = broadcastFixture();

    expect(v.parse(deliveryTask, { ...laneFixture(), broadcast })).toMatchObject({
      broadcast: { to: 'everyone' },
    });
  });

  it('reads small shards together, so that each is not worth an invocation of its own', async () => {
    const ids = await subscribe(500, 50);

    await workAll(laneFixture({ shardCount: 50 }));

    expect(reached().toSorted()).toEqual(ids);
    expect(invocations).toBe(1);
  });

  it('starts its next batch while most of this one is still to be posted', async () => {
    await subscribe(1.5 * BATCH_SIZE);
    let postsBefore = 0;
    const deliveries = {
      ...ports.deliveries,
      start: async () => {
        postsBefore = ports.posts.length;
      },
    };

    await work(laneFixture(), 'first', { deliveries });

    expect(postsBefore).toBeLessThan(BATCH_SIZE / 2);
    expect(ports.posts).toHaveLength(BATCH_SIZE);
  });

  it('over the quota starts its next batch later, at the pace that is accepted, so that workers do not pile up', async () => {
    await subscribe(1.5 * BATCH_SIZE);
    let accepted = 0;
    const outbound = {
      ...ports.outbound,
      async post() {
        await time.pause(5);
        if (accepted >= (500 * (time.now() - NOW)) / 1_000) return 'throttled' as const;
        accepted += 1;
        return 'sent' as const;
      },
    };
    let acceptedBefore = 0;
    const deliveries = {
      ...ports.deliveries,
      async start(task: DeliveryTask) {
        acceptedBefore = accepted;
        ports.started.push(task);
      },
    };

    await work(laneFixture(), 'first', { deliveries, outbound });

    expect(acceptedBefore).toBeGreaterThan(0.7 * BATCH_SIZE);
    const [next] = ports.started;
    if (next?.kind !== 'lane') throw new Error('There is no next batch');
    expect(next.pace).toBeGreaterThan(400);
    expect(next.pace).toBeLessThan(1_000);
  });

  it('keeps to its budget, because each batch waits for its turn', async () => {
    await subscribe(3 * BATCH_SIZE);

    await workAll(laneFixture({ broadcast: broadcastFixture({ postsPerSecond: BATCH_SIZE }) }));

    expect(time.now() - NOW).toBeGreaterThan(2_900);
    expect(time.now() - NOW).toBeLessThan(3_300);
  });

  it('posts once when a batch is started twice', async () => {
    const ids = await subscribe(1.5 * BATCH_SIZE);
    await work(laneFixture(), 'first');
    const [next] = ports.started;
    if (!next) throw new Error('There is no next batch');

    await work(next, 'second');
    await work(next, 'twin');

    expect(reached().toSorted()).toEqual(ids);
  });

  it('is not started again by an invocation that is repeated after it had started the next batch', async () => {
    await subscribe(1.5 * BATCH_SIZE);
    const lane = laneFixture();
    const outbound = { ...ports.outbound, post: () => new Promise<never>(() => {}) };
    const claims = { ...ports.claims };
    const passedOn = new Promise<void>((resolve) => {
      claims.passOn = (piece) => ports.claims.passOn(piece).then(resolve);
    });
    // Its Lambda dies while it posts.
    void deliver({ ...ports, outbound, claims }, lane, 'first');
    await time.until(passedOn);
    expect(ports.started).toHaveLength(1);

    await work(lane, 'first');

    expect(ports.started).toHaveLength(1);
    expect(reached()).toHaveLength(BATCH_SIZE);
  });

  it('forgets gone connections, and hands on those that cannot be reached', async () => {
    await subscribe(3);
    ports.peers.set('c00000', 'gone');
    ports.peers.set('c00001', 'failed');

    await work(laneFixture());

    expect(ports.started).toMatchObject([
      { kind: 'stragglers', recipients: [{ connectionId: 'c00001' }], attempt: 0 },
    ]);
    const { subscriptions } = await ports.subscriptions.page({ channel: CHANNEL, shard: 0 });
    expect(subscriptions.map(({ connectionId }) => connectionId)).toEqual(['c00001', 'c00002']);
  });
});

describe('a straggler', () => {
  it('is reached when it can be reached again', async () => {
    await workAll(stragglersFixture(0, 'slow'));

    expect(reached()).toEqual(['slow']);
    expect(ports.disconnected).toEqual([]);
  });

  it('is tried a few times after growing delays, and then disconnected, so that its client resumes', async () => {
    ports.peers.set('stuck', 'throttled');

    await workAll(stragglersFixture(0, 'stuck', 'fine'));

    expect(reached()).toEqual(['fine']);
    expect(invocations).toBe(STRAGGLER_ATTEMPTS);
    expect(ports.disconnected).toEqual(['stuck']);
  });

  it('that cannot even be disconnected fails its invocation, which is repeated', async () => {
    ports.peers.set('stuck', 'failed');
    const outbound = { ...ports.outbound, disconnect: () => Promise.reject(new Error('500')) };

    const last = work(stragglersFixture(STRAGGLER_ATTEMPTS - 1, 'stuck'), 'last', { outbound });

    await expect(last).rejects.toThrow('1 connections could not be closed');
  });
});

describe('a delivery that failed for good', () => {
  it('ends in the disconnection of all connections of its batch, and starts the rest of its lane', async () => {
    const ids = await subscribe(1.5 * BATCH_SIZE);

    await time.until(release(ports, laneFixture()));

    expect(ports.disconnected.toSorted()).toEqual(ids.slice(0, BATCH_SIZE));
    expect(ports.started).toMatchObject([{ kind: 'lane', from: { shard: 0, after: ids[BATCH_SIZE - 1] } }]);
  });

  it('ends in the disconnection of its stragglers', async () => {
    await time.until(release(ports, stragglersFixture(1, 'a', 'b')));

    expect(ports.disconnected.toSorted()).toEqual(['a', 'b']);
  });
});
