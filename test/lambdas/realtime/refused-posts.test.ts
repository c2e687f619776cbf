/** A broadcast whose posts the platform refuses disconnects no client, and the log has the reason. */

import { beforeEach, describe, expect, it } from 'vitest';
import type { PostOutcome } from '../../../lambdas/realtime/connections/outbound.ts';
import { deliver, release } from '../../../lambdas/realtime/delivery/deliver.ts';
import { STRAGGLER_ATTEMPTS } from '../../../lambdas/realtime/delivery/delivery-plan.ts';
import type { DeliveryTask, Lane } from '../../../lambdas/realtime/delivery/delivery-task.ts';
import { fanOut } from '../../../lambdas/realtime/delivery/fan-out.ts';
import { PLATFORM_REFUSAL } from '../../../lambdas/realtime/platform-refusal.ts';
import { type MemoryPorts, memoryPorts, NOW, subscriptionFixture } from '../../memory/memory-ports.ts';
import { broadcastFixture } from './broadcasts.ts';
import { VirtualTime } from './virtual-time.ts';

const CHANNEL = 'open:a';
const frame = new TextEncoder().encode('{"hello":true}');
const FORBIDDEN: PostOutcome = { refused: 'every post', reason: '403 AccessDeniedException: not you' };
const MALFORMED: PostOutcome = {
  refused: 'this post',
  reason: '400 BadRequestException: Invalid connectionId',
};

/** Lambda repeats an asynchronous invocation that failed. */
const INVOCATIONS = 3;

const sdkError = (name: string, httpStatusCode: number) =>
  Object.assign(new Error('not you'), { name, $metadata: { httpStatusCode } });

let time: VirtualTime;
let ports: MemoryPorts;
/** How often the platform was asked to take a post. */
let postCount: number;

beforeEach(() => {
  time = new VirtualTime();
  ports = { ...memoryPorts(), now: time.now, pause: time.pause };
  postCount = 0;
});

function answering(platform: (connectionId: string) => PostOutcome): Partial<MemoryPorts> {
  return {
    outbound: {
      ...ports.outbound,
      async post(connectionId) {
        postCount += 1;
        await time.pause(5);
        return platform(connectionId);
      },
    },
  };
}

/** Subscribers of the channel, as many as asked for. */
async function subscribed(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => `c${String(index).padStart(4, '0')}`);
  for (const connectionId of ids) {
    const row = subscriptionFixture({ channel: CHANNEL, connectionId });
    await ports.connections.open({ connectionId, expiresAt: NOW }, [row]);
  }
  return ids;
}

/** One page, so that the publisher itself posts. */
async function inline(more: Partial<MemoryPorts>): Promise<void> {
  const subscriptions = await rows();
  const first = Promise.resolve({ subscriptions });
  await time.until(
    fanOut({ ...ports, ...more }, { channel: CHANNEL, group: undefined, shardCount: 1, first }, frame),
  );
}

async function rows() {
  const found = [];
  let after: string | undefined;
  do {
    const page = await ports.subscriptions.page({ channel: CHANNEL, shard: 0 }, after);
    found.push(...page.subscriptions);
    after = page.next;
  } while (after !== undefined);
  return found;
}

/** The pauses before Lambda repeats an invocation. Milliseconds. */
const MINUTE = 60_000;

/** Runs all started workers as Lambda does: it repeats failed ones, and releases them in the end. */
async function workAll(more: Partial<MemoryPorts>): Promise<void> {
  const all = { ...ports, ...more };
  for (let task = ports.started.shift(); task; task = ports.started.shift()) await workOff(all, task);
}

async function workOff(all: MemoryPorts, task: DeliveryTask): Promise<void> {
  let refusal = 'never tried';
  for (let attempt = 0; attempt < INVOCATIONS; attempt++) {
    try {
      return await time.until(deliver(all, task, 'invocation'));
    } catch (error) {
      refusal = String(error);
      await time.until(time.pause((attempt + 1) * MINUTE));
    }
  }
  await time.until(release(all, task, refusal));
}

const laneFixture = (): Lane => ({
  kind: 'lane',
  broadcast: broadcastFixture({ channel: CHANNEL }),
  from: { shard: 0 },
  step: 1,
  shardCount: 1,
  startAt: NOW,
});

/** The errors in the log. */
const errors = () => ports.logged.filter((line) => line.includes('"error":'));

async function expectAllThere(ids: readonly string[]): Promise<void> {
  expect(ports.disconnected).toEqual([]);
  expect((await rows()).map(({ connectionId }) => connectionId)).toEqual(ids);
}

describe('a publisher whose every post is refused', () => {
  it('logs one error that names the cause, and disconnects no client', async () => {
    const ids = await subscribed(1_000);

    await inline(answering(() => FORBIDDEN));

    expect(errors()).toHaveLength(1);
    expect(errors()[0]).toContain('403 AccessDeniedException: not you (1000 connections of open:a)');
    await expectAllThere(ids);
  });

  it('stops after few refused posts', async () => {
    await subscribed(1_000);

    await inline(answering(() => FORBIDDEN));

    expect(postCount).toBeLessThan(64);
  });

  it('hands the recipients to a worker, which gives up after a few attempts and disconnects no client', async () => {
    const ids = await subscribed(1_000);
    const refusing = answering(() => FORBIDDEN);

    await inline(refusing);
    await workAll(refusing);

    await expectAllThere(ids);
    // Two tasks of 500, each tried three times.
    expect(postCount).toBeLessThan(64 * (1 + 2 * STRAGGLER_ATTEMPTS));
    expect(errors().at(-1)).toContain('given up');
    expect(errors().at(-1)).toContain('403 AccessDeniedException');
    expect(ports.started).toEqual([]);
  });

  it('reaches all recipients a few seconds later, if the cause has been fixed', async () => {
    const ids = await subscribed(1_000);
    await inline(answering(() => FORBIDDEN));

    await workAll({});

    expect(ports.posts.map(({ connectionId }) => connectionId).toSorted()).toEqual(ids);
    await expectAllThere(ids);
  });

  it('counts a batch of which no post is answered as refused', async () => {
    const ids = await subscribed(50);
    const refusing = answering(() => 'failed');

    await inline(refusing);
    await workAll(refusing);

    await expectAllThere(ids);
    expect(errors().length).toBeGreaterThan(1);
  });

  it('tries for an hour while every post is answered 429, then logs one error, and disconnects no client', async () => {
    const ids = await subscribed(50);
    const refusing = answering(() => 'throttled');

    await inline(refusing);
    await workAll(refusing);

    await expectAllThere(ids);
    expect(errors()).toEqual([expect.stringContaining('given up')]);
    expect(time.now() - NOW).toBeGreaterThan(60 * MINUTE);
    // 50 connections by the publisher, and a few in each of three attempts in three minutes.
    expect(postCount).toBeLessThan(60 * 50);
  });

  it('names the error that kept posts from being answered', async () => {
    await subscribed(1);
    const { outbound } = answering(() => 'failed');
    if (!outbound) throw new Error('There is no way out');

    await inline({ outbound: { ...outbound, whyFailed: () => 'ECONNREFUSED' } });

    expect(errors()).toEqual([expect.stringContaining('ECONNREFUSED (1 connections of open:a)')]);
  });

  it('logs expired credentials as the same kind of error', async () => {
    const ids = await subscribed(10);
    const post = () => Promise.reject(sdkError('ExpiredTokenException', 403));

    await inline({ outbound: { ...ports.outbound, post } });

    expect(errors()).toEqual([expect.stringContaining('ExpiredTokenException: not you')]);
    await expectAllThere(ids);
  });
});

describe('a mixed batch', () => {
  it('hands on one slow client, and disconnects it in the end', async () => {
    await subscribed(100);
    const slow = answering((id) => (id === 'c0007' ? 'throttled' : 'sent'));

    await inline(slow);
    await workAll(slow);

    expect(ports.disconnected).toEqual(['c0007']);
    expect(errors()).toEqual([]);
  });

  it('disconnects even the only client of a channel, if it reads slowly', async () => {
    await subscribed(1);
    const slow = answering(() => 'throttled');

    await inline(slow);
    await workAll(slow);

    expect(ports.disconnected).toEqual(['c0000']);
  });

  it('forgets gone clients, reaches the others, and keeps the one whose id the gateway does not take', async () => {
    const ids = await subscribed(100);
    const mixed = answering((id) => (id === 'c0003' ? 'gone' : id === 'c0007' ? MALFORMED : 'sent'));

    await inline(mixed);
    await workAll(mixed);

    await expectAllThere(ids.filter((id) => id !== 'c0003'));
    expect(errors()[0]).toContain('400 BadRequestException: Invalid connectionId (1 connections of open:a)');
  });

  it('posts to all other recipients after 100 ids that the gateway does not accept', async () => {
    await subscribed(200);
    const sent: string[] = [];
    const mixed = answering((id) => {
      if (id < 'c0100') return MALFORMED;
      sent.push(id);
      return 'sent';
    });

    await inline(mixed);

    expect(sent).toHaveLength(100);
  });

  it('logs later refusals as an error of the platform, and keeps the slow client', async () => {
    await subscribed(10);
    await inline(answering((id) => (id === 'c0007' ? 'failed' : 'sent')));

    await workAll(answering(() => FORBIDDEN));

    expect(ports.disconnected).toEqual([]);
    expect(errors().at(-1)).toContain('given up');
  });
});

describe('a lane whose every post is refused', () => {
  it('stops, fails, is repeated by Lambda and then given up, and disconnects no client', async () => {
    const ids = await subscribed(2_000);
    ports.started.push(laneFixture());

    await workAll(answering(() => FORBIDDEN));

    await expectAllThere(ids);
    expect(postCount).toBeLessThan(64 * INVOCATIONS);
    expect(errors()).toHaveLength(INVOCATIONS + 1);
    expect(errors().at(-1)).toContain('given up');
  });

  it('goes on from its last batch if the cause is mended before Lambda repeats it', async () => {
    const ids = await subscribed(2_000);
    await expect(
      time.until(deliver({ ...ports, ...answering(() => FORBIDDEN) }, laneFixture(), 'invocation')),
    ).rejects.toThrow('403 AccessDeniedException');
    expect(ports.started).toEqual([]);

    ports.started.push(laneFixture());
    await workAll({});

    expect(ports.posts.map(({ connectionId }) => connectionId).toSorted()).toEqual(ids);
  });

  it('does not start the next batch before it knows whether posts are accepted', async () => {
    await subscribed(2_000);
    const slowly = answering(() => FORBIDDEN);

    await expect(time.until(deliver({ ...ports, ...slowly }, laneFixture(), 'first'))).rejects.toThrow('403');

    expect(ports.started).toEqual([]);
  });
});

describe('a delivery that failed each time', () => {
  const stragglers = { kind: 'stragglers' as const, broadcast: broadcastFixture(), attempt: 1 };
  const recipients = ['a', 'b'].map((connectionId) => ({ connectionId, shard: 0, expiresAt: NOW }));

  it.each([
    ['a lane', laneFixture()],
    ['stragglers', { ...stragglers, recipients }],
  ] as const)('disconnects no client while the platform refuses posts: %s', async (_name, task) => {
    await subscribed(100);

    await time.until(release({ ...ports, ...answering(() => FORBIDDEN) }, task));

    expect(ports.disconnected).toEqual([]);
    expect(ports.started).toEqual([]);
    expect(errors()).toEqual([expect.stringContaining('403 AccessDeniedException')]);
  });

  it('disconnects no client if its worker says that it was refused, even if this function may post', async () => {
    await subscribed(100);

    await time.until(release(ports, laneFixture(), '403 (100 connections of open:a)'));

    expect(ports.disconnected).toEqual([]);
    expect(errors()).toEqual([expect.stringContaining('403')]);
  });

  it('disconnects no client if the table of claims, or any other, refuses the worker itself', async () => {
    await subscribed(100);
    const claim = () => Promise.reject(sdkError('AccessDeniedException', 400));
    const delivered = time.until(
      deliver({ ...ports, claims: { ...ports.claims, claim } }, laneFixture(), 'one'),
    );

    await expect(delivered).rejects.toMatchObject({
      name: PLATFORM_REFUSAL,
      message: 'AccessDeniedException: not you (connections of open:a)',
    });
  });

  it('asks the platform to close only a few connections if it refuses to close them', async () => {
    await subscribed(1_000);
    let asked = 0;
    const disconnect = () => {
      asked += 1;
      return Promise.reject(sdkError('ForbiddenException', 403));
    };

    const released = time.until(
      release({ ...ports, outbound: { ...ports.outbound, disconnect } }, laneFixture()),
    );

    await expect(released).rejects.toThrow('1000 connections could not be closed');
    expect(asked).toBeLessThan(64);
    expect(errors()).toEqual([expect.stringContaining('ForbiddenException: not you (1000 connections')]);
  });
});

describe('a hand-over that Lambda refuses', () => {
  const start = () => Promise.reject(sdkError('AccessDeniedException', 403));

  it('disconnects no client, not even slow ones, and logs one error', async () => {
    await subscribed(1_000);
    const slow = answering((id) => (id >= 'c0990' ? 'throttled' : 'sent'));

    await inline({ ...slow, deliveries: { ...ports.deliveries, start } });

    expect(ports.disconnected).toEqual([]);
    expect(errors()).toEqual([expect.stringMatching(/AccessDeniedException: not you \(\d+ connections/)]);
  });

  it('is an error to the publisher of a wide channel, and disconnects no client', async () => {
    await subscribed(101);
    const audience = { channel: CHANNEL, group: undefined, shardCount: 2, first: undefined };
    const refusing = { ...ports, deliveries: { ...ports.deliveries, start } };

    await expect(time.until(fanOut(refusing, audience, frame))).rejects.toThrow('not you');

    expect(ports.disconnected).toEqual([]);
  });
});

describe('the closing of connections whose token has ended', () => {
  it('causes one error in the log when it is refused, and keeps the connections', async () => {
    const ids = await subscribed(100);
    const ended = (await rows()).map((row) => ({ ...row, expiresAt: NOW / 1000 - 1 }));
    const disconnect = () => Promise.reject(sdkError('ForbiddenException', 403));
    const first = Promise.resolve({ subscriptions: ended });

    await time.until(
      fanOut(
        { ...ports, outbound: { ...ports.outbound, disconnect } },
        { channel: CHANNEL, group: undefined, shardCount: 1, first },
        frame,
      ),
    );

    expect(errors()).toHaveLength(1);
    expect(ports.logged).toHaveLength(1);
    await expectAllThere(ids);
  });
});
