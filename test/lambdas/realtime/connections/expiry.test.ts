import { userChannel } from 'fanfare-protocol/channel';
import { INTEGRATION_TIMEOUT_MS } from 'fanfare-protocol/limits';
import { beforeEach, describe, expect, it } from 'vitest';
import config from '../../../../fanfare.config.ts';
import type { Session } from '../../../../lambdas/realtime/access/session.ts';
import { closeExpired } from '../../../../lambdas/realtime/connections/expiry.ts';
import { join, open } from '../../../../lambdas/realtime/connections/membership.ts';
import { type MemoryPorts, memoryPorts, NOW } from '../../../memory/memory-ports.ts';
import { sessionFixture } from '../../sessions.ts';

const policies = config({ local: true });
const END = NOW / 1000;

let ports: MemoryPorts;

beforeEach(() => {
  ports = memoryPorts();
});

const sessionOf = (connectionId: string, more: Partial<Session> = {}) =>
  sessionFixture({
    connectionId,
    user: 'ann',
    connectedAt: NOW - 2 * INTEGRATION_TIMEOUT_MS,
    expiresAt: END,
    ...more,
  });

async function opened(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, n) => `ended ${String(n).padStart(3, '0')}`);
  for (const id of ids) await open(ports, policies, sessionOf(id));
  return ids;
}

async function subscribersOf(channel: string): Promise<string[]> {
  const { subscriptions } = await ports.subscriptions.page({ channel, shard: 0 });
  return subscriptions.map(({ connectionId }) => connectionId);
}

const sweep = (more: Partial<MemoryPorts> = {}, until = Number.POSITIVE_INFINITY) =>
  closeExpired({ ...ports, ...more }, until);

describe('the sweep', () => {
  it('closes and forgets every connection whose token has ended, over several pages, and no other', async () => {
    const ended = await opened(45);
    await join(ports, sessionOf('ended 000'), 'open:a');
    await open(ports, policies, sessionOf('live', { expiresAt: END + 1 }));
    await open(ports, policies, sessionFixture({ connectionId: 'anonymous' }));
    await open(ports, policies, sessionOf('http=x-y', { leaseUntil: END }));

    expect(await sweep()).toEqual({ found: 45, failed: 0, isDone: true });

    expect(ports.disconnected.toSorted()).toEqual(ended);
    expect(await subscribersOf('@all')).toEqual(['anonymous', 'http=x-y', 'live']);
    expect(await subscribersOf(userChannel('ann'))).toEqual(['http=x-y', 'live']);
    expect(await subscribersOf('open:a')).toEqual([]);
    expect(await sweep()).toEqual({ found: 0, failed: 0, isDone: true });
  });

  it('forgets connections that are gone already', async () => {
    await opened(1);

    await sweep({ outbound: { ...ports.outbound, disconnect: async () => 'gone' } });

    expect(await subscribersOf(userChannel('ann'))).toEqual([]);
  });

  it('leaves a connection that may still be connecting to a later sweep (HS-15)', async () => {
    await open(ports, policies, sessionOf('new', { connectedAt: NOW }));
    const gone = { ...ports.outbound, disconnect: async () => 'gone' as const };

    await sweep({ outbound: gone });
    expect(await subscribersOf(userChannel('ann'))).toEqual(['new']);

    await sweep({ outbound: gone, now: () => NOW + INTEGRATION_TIMEOUT_MS });
    expect(await subscribersOf(userChannel('ann'))).toEqual([]);
  });

  it('closes all others when some cannot be closed or forgotten, which the next sweep closes', async () => {
    const ended = await opened(45);
    const { outbound, connections } = ports;
    const failing = {
      outbound: {
        ...outbound,
        disconnect: (id: string) =>
          id === 'ended 003' ? Promise.reject(new Error('500')) : outbound.disconnect(id),
      },
      connections: {
        ...connections,
        remove: (id: string) =>
          id === 'ended 030' ? Promise.reject(new Error('throttled')) : connections.remove(id),
      },
    };

    expect(await sweep(failing)).toEqual({ found: 45, failed: 2, isDone: true });
    expect(await subscribersOf(userChannel('ann'))).toEqual(['ended 003', 'ended 030']);

    expect(await sweep()).toEqual({ found: 2, failed: 0, isDone: true });
    expect(new Set(ports.disconnected)).toEqual(new Set(ended));
    expect(await subscribersOf(userChannel('ann'))).toEqual([]);
  });

  it('begins no page after its time, and the next sweep goes on', async () => {
    await opened(45);
    let now = NOW;
    const slow = () => now++;

    expect(await sweep({ now: slow }, NOW + 2)).toMatchObject({ found: 10, isDone: false });
    expect(await sweep()).toMatchObject({ found: 35, isDone: true });
  });

  it('has few requests in flight', async () => {
    await opened(45);
    let [inFlight, most] = [0, 0];
    const disconnect: MemoryPorts['outbound']['disconnect'] = async (id) => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      await new Promise(setImmediate);
      inFlight -= 1;
      return ports.outbound.disconnect(id);
    };
    const expired: MemoryPorts['expiry']['expired'] = async (_lane, now) => {
      const pages = await Promise.all([ports.expiry.expired(0, now)]);
      return {
        connections: pages.flatMap(({ connections }) => [...connections, ...connections, ...connections]),
      };
    };

    await sweep({ outbound: { ...ports.outbound, disconnect }, expiry: { lanes: 1, expired } });

    expect(most).toBe(16);
  });
});
