import { INTEGRATION_TIMEOUT_MS } from 'fanfare-protocol/limits';
import { beforeEach, describe, expect, it } from 'vitest';
import config from '../../../../fanfare.config.ts';
import { open } from '../../../../lambdas/realtime/connections/membership.ts';
import {
  audienceNow,
  subscribersOf as subscribersIn,
} from '../../../../lambdas/realtime/delivery/audience.ts';
import { fanOut, fanOutToObservers } from '../../../../lambdas/realtime/delivery/fan-out.ts';
import {
  collect,
  type MemoryPorts,
  memoryPorts,
  NOW,
  subscriptionFixture,
} from '../../../memory/memory-ports.ts';
import { sessionFixture } from '../../sessions.ts';
import { VirtualTime } from '../virtual-time.ts';

const CHANNEL = 'open:a';
const frame = new TextEncoder().encode('{"hello":true}');

describe('fan-out', () => {
  let time: VirtualTime;
  let ports: MemoryPorts;

  beforeEach(() => {
    time = new VirtualTime();
    ports = { ...memoryPorts(), now: time.now, pause: time.pause };
  });

  const subscribersOf = (channel: string) => collect(subscribersIn(ports, channel));
  const reached = () => ports.posts.map(({ connectionId }) => connectionId);
  const sendTo = (channel: string, more: Partial<MemoryPorts> = {}) => {
    const all = { ...ports, ...more };
    return time.until(audienceNow(all, channel).then((audience) => fanOut(all, audience, frame)));
  };

  it('posts the frame to every subscriber of the channel and to no other connection', async () => {
    await subscribed('a', 'b');
    await ports.subscriptions.put(subscriptionFixture({ channel: 'open:other', connectionId: 'c' }));

    await sendTo(CHANNEL);

    expect(ports.posts).toEqual([
      { connectionId: 'a', frame: { hello: true } },
      { connectionId: 'b', frame: { hello: true } },
    ]);
    expect(ports.started).toEqual([]);
  });

  it('forgets a gone connection with all its subscriptions, and no other connection', async () => {
    await subscribed('dead', 'alive');
    await ports.connections.addChannel('dead', { channel: 'open:second', shard: 0 }, 10);
    await ports.subscriptions.put(subscriptionFixture({ channel: 'open:second', connectionId: 'dead' }));
    ports.peers.set('dead', 'gone');

    await sendTo(CHANNEL);

    expect(await ports.connections.remove('dead')).toEqual([]);
    expect(await subscribersOf('open:second')).toEqual([]);
    expect((await subscribersOf(CHANNEL)).map(({ connectionId }) => connectionId)).toEqual(['alive']);
  });

  it('removes the subscription of a gone connection whose own record is missing', async () => {
    await ports.subscriptions.put(subscriptionFixture({ channel: CHANNEL, connectionId: 'orphan' }));
    ports.peers.set('orphan', 'gone');

    await sendTo(CHANNEL);

    expect(await subscribersOf(CHANNEL)).toEqual([]);
  });

  it('keeps a connection that answers 410 because its handshake is not over (HS-15)', async () => {
    await open(ports, config({ local: true }), sessionFixture({ connectionId: 'new' }));
    ports.peers.set('new', 'gone');

    await sendTo('@all');

    expect(await subscribersOf('@all')).toHaveLength(1);
  });

  it('forgets a connection that still answers 410 after the longest handshake', async () => {
    await open(ports, config({ local: true }), sessionFixture({ connectionId: 'lost' }));
    ports.peers.set('lost', 'gone');

    await sendTo('@all', { now: () => NOW + INTEGRATION_TIMEOUT_MS });

    expect(await subscribersOf('@all')).toEqual([]);
  });

  it.each(['failed', 'throttled'] as const)(
    'reaches everyone else when posts to one are %s, keeps that one, and hands it on',
    async (outcome) => {
      await subscribed('a', 'broken', 'b');
      ports.peers.set('broken', outcome);

      await sendTo(CHANNEL);

      expect(reached()).toEqual(['a', 'b']);
      expect(await subscribersOf(CHANNEL)).toHaveLength(3);
      expect(ports.logged).toEqual([expect.stringContaining('"unreached":1')]);
      expect(ports.started).toMatchObject([
        { kind: 'stragglers', recipients: [{ connectionId: 'broken', shard: 0 }], attempt: 0 },
      ]);
    },
  );

  it('disconnects a recipient that it can neither reach nor hand on, so that the client resumes', async () => {
    await subscribed('a', 'broken');
    ports.peers.set('broken', 'failed');
    const deliveries = { ...ports.deliveries, start: () => Promise.reject(new Error('throttled')) };

    await sendTo(CHANNEL, { deliveries });

    expect(ports.disconnected).toEqual(['broken']);
  });

  it('reaches everyone else when forgetting a gone peer fails, and logs it', async () => {
    await subscribed('dead', 'alive');
    ports.peers.set('dead', 'gone');
    const connections = { ...ports.connections, remove: () => Promise.reject(new Error('throttled')) };

    await sendTo(CHANNEL, { connections });

    expect(reached()).toEqual(['alive']);
    expect(ports.logged).toEqual([expect.stringContaining('"connectionId":"dead"')]);
  });

  it('posts nothing to a deaf subscription, not even to a deaf observer', async () => {
    for (const connectionId of ['deaf', 'deaf observer'])
      await ports.subscriptions.put(
        subscriptionFixture({ channel: CHANNEL, connectionId, isDeaf: true, seesMembers: true }),
      );

    const audience = await audienceNow(ports, CHANNEL);
    await fanOut(ports, audience, frame);
    await fanOutToObservers(ports, audience, [frame]);

    expect(reached()).toEqual([]);
    expect(ports.started).toEqual([]);
  });

  it('sends a frame about members to observers only', async () => {
    await subscribed('a', 'b');
    await ports.subscriptions.put(
      subscriptionFixture({ channel: CHANNEL, connectionId: 'observer', seesMembers: true }),
    );
    ports.peers.set('observer', 'failed');

    await time.until(
      audienceNow(ports, CHANNEL).then((audience) => fanOutToObservers(ports, audience, [frame])),
    );

    expect(reached()).toEqual([]);
    expect(ports.started).toMatchObject([
      { kind: 'stragglers', broadcast: { to: 'observers' }, recipients: [{ connectionId: 'observer' }] },
    ]);
  });

  it('leaves a channel with a second page to a worker', async () => {
    await subscribed(...Array.from({ length: 101 }, (_, index) => `c${index}`));

    await sendTo(CHANNEL);

    expect(ports.posts).toEqual([]);
    expect(ports.started).toMatchObject([{ kind: 'lane', from: { shard: 0 }, shardCount: 1, startAt: NOW }]);
  });

  it('leaves a channel with several shards to workers, without reading any', async () => {
    await ports.shards.grow(CHANNEL, 1, 8);
    await subscribed('a');

    await sendTo(CHANNEL);

    expect(ports.posts).toEqual([]);
    expect(ports.started).toMatchObject([
      {
        kind: 'lane',
        broadcast: { channel: CHANNEL, postsPerSecond: 5_000 },
        from: { shard: 0 },
        shardCount: 8,
      },
    ]);
  });

  it('fails when no worker can be started, so that the publisher knows', async () => {
    await ports.shards.grow(CHANNEL, 1, 8);
    const deliveries = { ...ports.deliveries, start: () => Promise.reject(new Error('throttled')) };

    await expect(sendTo(CHANNEL, { deliveries })).rejects.toThrow('throttled');
  });

  async function subscribed(...connectionIds: string[]): Promise<void> {
    for (const connectionId of connectionIds) {
      const row = subscriptionFixture({ channel: CHANNEL, connectionId });
      await ports.connections.open({ connectionId, expiresAt: NOW }, [row]);
    }
  }
});
