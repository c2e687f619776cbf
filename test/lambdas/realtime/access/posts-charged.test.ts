/** A publish is charged for its audience. */

import { ProtocolError } from 'fanfare-protocol/errors';
import { BURST_MS, COMMANDS_PER_SECOND, POSTS_PER_SECOND } from 'fanfare-protocol/limits';
import { describe, expect, it } from 'vitest';
import { meteredBy, postsCost, unmetered } from '../../../../lambdas/realtime/access/meter.ts';
import { RateLimit } from '../../../../lambdas/realtime/access/rate-limit.ts';
import { publishLive, publishLogged } from '../../../../lambdas/realtime/log/publish.ts';
import { memoryPorts, NOW, subscriptionFixture } from '../../../memory/memory-ports.ts';

const ME = 'me=';
const CHANNEL = 'open:room';
const SECOND = 1_000;

/** A client that publishes as often as the limit of commands allows, in several containers. */
async function flood(audience: number, seconds: number, containers = 3) {
  const ports = memoryPorts();
  await ports.connections.open({ connectionId: ME, expiresAt: NOW }, []);
  let time = NOW;
  const limits = Array.from({ length: containers }, () => new RateLimit({ ...ports, now: () => time }));
  const count = { posts: 0, refused: 0 };
  for (let publish = 0; publish < seconds * COMMANDS_PER_SECOND; publish++) {
    time = NOW + (publish * SECOND) / COMMANDS_PER_SECOND;
    const received = { connectionId: ME, receivedAt: time };
    try {
      const meter = await limits[publish % containers]?.admit(received, { commands: 1, bytes: 100 });
      count.posts += audience;
      await meter?.post(audience, true).catch(() => {});
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      count.refused += 1;
    }
  }
  return count;
}

describe('a client that publishes 50 times a second', () => {
  it('causes at most 2,500 posts a second in a room of 1,000, after a burst of ten seconds', async () => {
    const { posts } = await flood(1_000, 60);

    // Each of three containers gives a share from memory, and lets one publish pass before it knows that the connection cannot pay.
    const most = POSTS_PER_SECOND * (60 + BURST_MS / SECOND) * 1.1;
    expect(posts).toBeGreaterThan(POSTS_PER_SECOND * 60);
    expect(posts).toBeLessThan(most);
  });

  it('is never refused in a room of 50', async () => {
    expect(await flood(50, 60)).toEqual({ posts: 60 * COMMANDS_PER_SECOND * 50, refused: 0 });
  });
});

describe('a publish', () => {
  it('costs at most a second in a channel of any size', () => {
    expect([50, 1_000, 2_500, 1_000_000].map(postsCost)).toEqual([20, 400, 1_000, 1_000]);
  });

  async function room(subscribers: number) {
    const ports = memoryPorts();
    for (let index = 0; index < subscribers; index++) {
      const row = { channel: CHANNEL, connectionId: `${index}`, expiresAt: NOW };
      await ports.subscriptions.put(subscriptionFixture(row));
    }
    const charged: number[] = [];
    const spend = { ...unmetered, posts: async (posts: number) => void charged.push(posts) };
    return { ports, charged, spend };
  }

  const log = (ports: ReturnType<typeof memoryPorts>) => ({
    ports,
    channel: CHANNEL,
    retention: { retentionMs: 3_600_000 },
  });
  const ANN = { kind: 'user', id: 'ann' } as const;

  it('is charged one post for each subscriber, also if it has several messages', async () => {
    const { ports, charged, spend } = await room(3);

    await publishLogged(log(ports), ANN, [{ data: 1 }, { data: 2 }], spend);
    await publishLive(ports, { channel: CHANNEL, group: undefined }, ANN, [{ data: 3 }], spend);

    expect(charged).toEqual([3, 3]);
  });

  it('is charged by the shards of a wide channel', async () => {
    const { ports, charged, spend } = await room(0);
    await ports.shards.grow(CHANNEL, 1, 8);

    await publishLogged(log(ports), ANN, [{ data: 1 }], spend);

    expect(charged).toEqual([4_000]);
  });

  it('that is in the log is answered although its posts cannot be paid, and one without history is refused', async () => {
    const { ports } = await room(1);
    const refusal = new ProtocolError('rate-limited', 'Too much at once.', 700);
    const spend = { ...unmetered, posts: () => Promise.reject(refusal) };

    expect(await publishLogged(log(ports), ANN, [{ data: 1 }], spend)).toEqual([NOW + 1]);
    await expect(
      publishLive(ports, { channel: CHANNEL, group: undefined }, ANN, [{ data: 2 }], spend),
    ).rejects.toBe(refusal);
    expect(ports.posts).toHaveLength(1);
  });

  it('of a client is charged to its connection, and the next command waits', async () => {
    const ports = memoryPorts();
    await ports.connections.open({ connectionId: ME, expiresAt: NOW }, []);
    const all = { costMs: BURST_MS, burstMs: BURST_MS, now: NOW, isBusy: false, isKnown: false };
    await ports.charges.charge(ME, all);
    const limit = new RateLimit(ports);
    const received = { connectionId: ME, receivedAt: NOW };

    await expect(meteredBy(limit.meter(received)).posts(1_000, true)).rejects.toMatchObject({
      code: 'rate-limited',
    });
    await expect(limit.admit(received, { commands: 1, bytes: 1 })).rejects.toMatchObject({
      code: 'rate-limited',
    });
  });
});
