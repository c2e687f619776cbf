import { beforeEach, describe, expect, it } from 'vitest';
import { fanOut, POSTS_IN_FLIGHT } from '../../../lambdas/realtime/fan-out.ts';
import { open } from '../../../lambdas/realtime/membership.ts';
import type { Outbound } from '../../../lambdas/realtime/ports.ts';
import { INTEGRATION_TIMEOUT_MS } from '../../../protocol/limits.ts';
import { collect, type MemoryPorts, memoryPorts, NOW } from '../../memory/memory-ports.ts';
import { sessionFixture } from '../sessions.ts';

const CHANNEL = 'open:a';
const frame = new TextEncoder().encode('{"hello":true}');

describe('fan-out', () => {
  let ports: MemoryPorts;

  beforeEach(() => {
    ports = memoryPorts();
  });

  const subscribers = (channel: string) => ports.subscriptions.of(channel, NOW);
  const subscribersOf = (channel: string) => collect(subscribers(channel));
  const reached = () => ports.posts.map(({ connectionId }) => connectionId);

  it('posts the frame to every subscriber of the channel and to nobody else', async () => {
    await subscribed('a', 'b');
    await ports.subscriptions.put({ channel: 'open:other', connectionId: 'c', expiresAt: NOW });

    await fanOut(ports, subscribers(CHANNEL), frame);

    expect(ports.posts).toEqual([
      { connectionId: 'a', frame: { hello: true } },
      { connectionId: 'b', frame: { hello: true } },
    ]);
  });

  it('forgets a connection that is gone, with all its subscriptions, and no other', async () => {
    await subscribed('dead', 'alive');
    await ports.connections.addChannel('dead', 'open:second', 10);
    await ports.subscriptions.put({ channel: 'open:second', connectionId: 'dead', expiresAt: NOW });
    ports.peers.set('dead', 'gone');

    await fanOut(ports, subscribers(CHANNEL), frame);

    expect(await ports.connections.addChannel('dead', CHANNEL, 10)).toBe('gone');
    expect(await subscribersOf('open:second')).toEqual([]);
    expect((await subscribersOf(CHANNEL)).map(({ connectionId }) => connectionId)).toEqual(['alive']);
  });

  it('removes the subscription of a gone connection whose own record is missing', async () => {
    await ports.subscriptions.put({ channel: CHANNEL, connectionId: 'orphan', expiresAt: NOW });
    ports.peers.set('orphan', 'gone');

    await fanOut(ports, subscribers(CHANNEL), frame);

    expect(await subscribersOf(CHANNEL)).toEqual([]);
  });

  it('keeps a connection that answers 410 because its handshake is not over (HS-15)', async () => {
    await open(ports, sessionFixture({ connectionId: 'new' }));
    ports.peers.set('new', 'gone');

    await fanOut(ports, subscribers('@all'), frame);

    expect(await subscribersOf('@all')).toHaveLength(1);
  });

  it('forgets a connection that still answers 410 after the longest handshake', async () => {
    await open(ports, sessionFixture({ connectionId: 'lost' }));
    ports.peers.set('lost', 'gone');

    await fanOut({ ...ports, now: () => NOW + INTEGRATION_TIMEOUT_MS }, subscribers('@all'), frame);

    expect(await subscribersOf('@all')).toEqual([]);
  });

  it('reaches everyone else when one peer fails, keeps that peer, and logs it', async () => {
    await subscribed('a', 'broken', 'b');
    ports.peers.set('broken', 'failing');

    await fanOut(ports, subscribers(CHANNEL), frame);

    expect(reached()).toEqual(['a', 'b']);
    expect(await subscribersOf(CHANNEL)).toHaveLength(3);
    expect(ports.logged).toEqual([expect.stringContaining('"connectionId":"broken"')]);
  });

  it('reaches everyone else when forgetting a gone peer fails', async () => {
    await subscribed('dead', 'alive');
    ports.peers.set('dead', 'gone');
    const connections = { ...ports.connections, remove: () => Promise.reject(new Error('throttled')) };

    await fanOut({ ...ports, connections }, subscribers(CHANNEL), frame);

    expect(reached()).toEqual(['alive']);
  });

  it('has a bounded number of posts in flight', async () => {
    await subscribed(...Array.from({ length: POSTS_IN_FLIGHT * 3 }, (_, index) => `c${index}`));
    const gauge = gaugedOutbound();

    await fanOut({ ...ports, outbound: gauge.outbound }, subscribers(CHANNEL), frame);

    expect(gauge.sent()).toBe(POSTS_IN_FLIGHT * 3);
    expect(gauge.most()).toBe(POSTS_IN_FLIGHT);
  });

  async function subscribed(...connectionIds: string[]): Promise<void> {
    for (const connectionId of connectionIds) {
      const row = { channel: CHANNEL, connectionId, expiresAt: NOW };
      await ports.connections.open({ connectionId, expiresAt: NOW }, [row]);
    }
  }
});

/** An outbound that counts how many posts are under way at once. */
function gaugedOutbound() {
  let inFlight = 0;
  let most = 0;
  let sent = 0;
  const outbound: Outbound = {
    async post() {
      inFlight += 1;
      most = Math.max(most, inFlight);
      await new Promise((resolve) => setImmediate(resolve));
      inFlight -= 1;
      sent += 1;
      return 'sent';
    },
    disconnect: async () => {},
  };
  return { outbound, most: () => most, sent: () => sent };
}
