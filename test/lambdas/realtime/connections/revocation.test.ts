import { CONNECTIONS_PER_USER, INTEGRATION_TIMEOUT_MS } from 'fanfare-protocol/limits';
import { beforeEach, describe, expect, it } from 'vitest';
import config from '../../../../fanfare.config.ts';
import { accept } from '../../../../lambdas/realtime/connections/accept.ts';
import { join, open } from '../../../../lambdas/realtime/connections/membership.ts';
import {
  mayStay,
  revoke,
  connectionsOf as storedConnectionsOf,
} from '../../../../lambdas/realtime/connections/revocation.ts';
import { type MemoryPorts, memoryPorts, NOW } from '../../../memory/memory-ports.ts';
import { sessionFixture } from '../../sessions.ts';
import { VirtualTime } from '../virtual-time.ts';

const MOMENT = NOW / 1000;
const policies = config({ local: true });

let time: VirtualTime;
let ports: MemoryPorts;

beforeEach(() => {
  time = new VirtualTime();
  ports = { ...memoryPorts(), now: time.now, pause: time.pause };
});

const sessionOf = (connectionId: string, user: string | undefined = 'ann', issuedAt = MOMENT - 60) =>
  sessionFixture({ connectionId, user, issuedAt, expiresAt: MOMENT + 3_600 });

async function opened(count: number, user = 'ann'): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => `${user} ${String(index).padStart(4, '0')}`);
  for (const connectionId of ids) await open(ports, policies, sessionOf(connectionId, user));
  return ids;
}

const connectionsOf = (user: string) => storedConnectionsOf(ports, user);

const revoked = (more: Partial<MemoryPorts> = {}, user = 'ann') =>
  time.until(revoke({ ...ports, ...more }, user, MOMENT));

describe('to revoke', () => {
  it('closes and forgets all connections of the user, over several pages, and no other connection', async () => {
    const [first = '', ...rest] = await opened(250);
    await join(ports, sessionOf(first), 'open:a');
    await opened(1, 'bob');
    await open(ports, policies, sessionFixture({ connectionId: 'without a user' }));

    expect(await revoked()).toBe(250);

    expect(ports.disconnected.toSorted()).toEqual([first, ...rest]);
    expect(await connectionsOf('ann')).toEqual([]);
    expect((await ports.subscriptions.page({ channel: 'open:a', shard: 0 })).subscriptions).toEqual([]);
    expect(await connectionsOf('bob')).toEqual(['bob 0000']);
    const { subscriptions } = await ports.subscriptions.page({ channel: '@all', shard: 0 });
    expect(subscriptions.map(({ connectionId }) => connectionId)).toEqual(['bob 0000', 'without a user']);
  });

  it('closes the connections of a user whose id no channel name can hold', async () => {
    await opened(1, 'auth0|ann');
    await opened(1, 'auth0=7Cann');

    expect(await revoked({}, 'auth0|ann')).toBe(1);

    expect(ports.disconnected).toEqual(['auth0|ann 0000']);
  });

  it('stores the revocation before it looks for connections', async () => {
    const order: string[] = [];
    const subscriptions: typeof ports.subscriptions = {
      ...ports.subscriptions,
      async page(...args) {
        order.push(`page, revoked before ${await ports.revocations.revokedBefore('ann')}`);
        return ports.subscriptions.page(...args);
      },
    };

    await revoked({ subscriptions });

    expect(order).toEqual([`page, revoked before ${MOMENT}`]);
  });

  it('fails when a connection could not be closed, after it has closed all others, and finishes when it is repeated', async () => {
    const ids = await opened(150);
    const { outbound } = ports;
    const disconnect: typeof outbound.disconnect = (connectionId) =>
      connectionId === 'ann 0003' ? Promise.reject(new Error('500')) : outbound.disconnect(connectionId);

    await expect(revoked({ outbound: { ...outbound, disconnect } })).rejects.toThrow(
      '1 connections could not be closed',
    );

    expect(await connectionsOf('ann')).toEqual(['ann 0003']);
    expect(await revoked()).toBe(1);
    expect(ports.disconnected.toSorted()).toEqual(ids);
    expect(await connectionsOf('ann')).toEqual([]);
  });

  it('fails when a connection was closed and not forgotten, and finishes when it is repeated', async () => {
    await opened(1);
    const connections = { ...ports.connections, remove: () => Promise.reject(new Error('throttled')) };

    await expect(revoked({ connections })).rejects.toThrow('1 connections could not be closed');

    expect(await revoked()).toBe(1);
    expect(await connectionsOf('ann')).toEqual([]);
  });

  it('closes nothing when the revocation could not be stored', async () => {
    await opened(1);
    const revocations = { ...ports.revocations, revoke: () => Promise.reject(new Error('no table')) };

    await expect(revoked({ revocations })).rejects.toThrow('no table');

    expect(ports.disconnected).toEqual([]);
  });

  it('does not count or wait for a connection that was gone long before', async () => {
    await opened(1);
    await time.until(time.pause(INTEGRATION_TIMEOUT_MS));
    const before = time.now();

    expect(await revoked({ outbound: { ...ports.outbound, disconnect: async () => 'gone' } })).toBe(0);

    expect(time.now()).toBe(before);
    expect(await connectionsOf('ann')).toEqual([]);
  });

  it('waits for a handshake that is not over, and closes its connection (HS-15)', async () => {
    await opened(1);
    const asked: number[] = [];
    const disconnect = async () => {
      asked.push(time.now() - NOW);
      return time.now() < NOW + INTEGRATION_TIMEOUT_MS ? ('gone' as const) : ('closed' as const);
    };

    expect(await revoked({ outbound: { ...ports.outbound, disconnect } })).toBe(1);

    expect(asked).toEqual([0, INTEGRATION_TIMEOUT_MS]);
    expect(await connectionsOf('ann')).toEqual([]);
  });
});

describe('a connection that was just stored', () => {
  const stay = (connectionId: string, issuedAt?: number) =>
    mayStay(ports, sessionOf(connectionId, 'ann', issuedAt));

  it.each([
    [MOMENT - 1, 'revoked'],
    [MOMENT, 'yes'],
    [MOMENT + 1, 'yes'],
  ])('with a token issued at %i may stay: %s', async (issuedAt, answer) => {
    await opened(1);
    await ports.revocations.revoke('ann', MOMENT);

    expect(await stay('ann 0000', issuedAt)).toBe(answer);
  });

  it('is revoked when its token does not say when it was issued', async () => {
    await ports.revocations.revoke('ann', MOMENT);

    expect(await mayStay(ports, sessionFixture({ user: 'ann' }))).toBe('revoked');
  });

  it('is not revoked with the tokens of other users', async () => {
    await ports.revocations.revoke('bob', MOMENT);

    expect(await stay('ann 0000')).toBe('yes');
  });

  it('may stay as the last that a user may have, and not as one more', async () => {
    await opened(CONNECTIONS_PER_USER);
    expect(await stay('ann 0000')).toBe('yes');

    await open(ports, policies, sessionOf('one more'));
    expect(await stay('one more')).toBe('too many');
  });

  const openExpired = async (count: number, handshakeUntil = NOW) => {
    const connectedAt = handshakeUntil - INTEGRATION_TIMEOUT_MS;
    for (let n = 0; n < count; n++)
      await open(ports, policies, { ...sessionOf(`expired ${n}`), connectedAt, expiresAt: MOMENT });
  };

  it('closes no expired connection as long as there is room', async () => {
    await openExpired(CONNECTIONS_PER_USER - 1);
    await opened(1);

    expect(await stay('ann 0000')).toBe('yes');
    expect(ports.disconnected).toEqual([]);
  });

  it('closes some connections whose token has ended, and takes the place of one', async () => {
    await openExpired(CONNECTIONS_PER_USER);
    await opened(1);

    expect(await stay('ann 0000')).toBe('yes');

    expect(ports.disconnected).toHaveLength(8);
    const left = await connectionsOf('ann');
    expect(left).toHaveLength(CONNECTIONS_PER_USER + 1 - 8);
    expect(left.filter((id) => ports.disconnected.includes(id))).toEqual([]);
    expect(left).toContain('ann 0000');
    expect(await ports.connections.remove(ports.disconnected[0] ?? '')).toEqual([]);
  });

  it('never closes a connection whose token has not ended, and is refused then', async () => {
    await openExpired(5);
    await opened(CONNECTIONS_PER_USER + 1);

    expect(await stay('ann 0000')).toBe('too many');
    expect(ports.disconnected.toSorted()).toEqual([0, 1, 2, 3, 4].map((n) => `expired ${n}`));
  });

  it('is refused while others cannot be closed, and may stay once they can', async () => {
    await openExpired(CONNECTIONS_PER_USER);
    await opened(1);
    const { outbound } = ports;
    const disconnect = () => Promise.reject(new Error('500'));
    ports = { ...ports, outbound: { ...outbound, disconnect } };
    expect(await stay('ann 0000')).toBe('too many');
    expect(await connectionsOf('ann')).toHaveLength(CONNECTIONS_PER_USER + 1);

    ports = { ...ports, outbound };
    expect(await stay('ann 0000')).toBe('yes');
  });

  it('forgets connections that are gone, and keeps those that may still be connecting (HS-15)', async () => {
    ports = { ...ports, outbound: { ...ports.outbound, disconnect: async () => 'gone' } };
    await openExpired(CONNECTIONS_PER_USER, NOW + 1);
    await opened(1);
    expect(await stay('ann 0000')).toBe('too many');
    expect(await connectionsOf('ann')).toHaveLength(CONNECTIONS_PER_USER + 1);

    await time.until(time.pause(1));
    expect(await stay('ann 0000')).toBe('yes');
    expect(await connectionsOf('ann')).toHaveLength(CONNECTIONS_PER_USER + 1 - 8);
  });

  it('is not held up by connections that cannot be closed, because others are closed', async () => {
    await openExpired(CONNECTIONS_PER_USER);
    await opened(1);
    const { outbound } = ports;
    const stuck = new Set((await connectionsOf('ann')).slice(1, 32));
    const disconnect: typeof outbound.disconnect = async (id) => {
      if (stuck.has(id)) throw new Error('500');
      return outbound.disconnect(id);
    };
    ports = { ...ports, outbound: { ...outbound, disconnect } };

    expect(await stay('ann 0000')).toBe('yes');
    expect(ports.disconnected).toHaveLength(1);
  });

  it('is refused in time when the gateway is slow', async () => {
    await openExpired(CONNECTIONS_PER_USER);
    await opened(1);
    let asked = 0;
    const disconnect = async (): Promise<never> => {
      asked += 1;
      await time.pause(2_500);
      throw new Error('503');
    };

    const refused = mayStay({ ...ports, outbound: { ...ports.outbound, disconnect } }, sessionOf('ann 0000'));

    expect(await time.until(refused)).toBe('too many');
    expect(asked).toBe(16);
  });

  it('is admitted at its seventh attempt when 300 connections have expired', async () => {
    await openExpired(3 * CONNECTIONS_PER_USER);
    await opened(1);

    let tries = 1;
    while ((await stay('ann 0000')) === 'too many') tries += 1;

    expect(tries).toBe(7);
  });

  it('is not asked about when it is anonymous', async () => {
    const never = () => Promise.reject(new Error('asked'));
    const revocations = { ...ports.revocations, revokedBefore: never };
    const subscriptions = { ...ports.subscriptions, page: never };

    expect(await mayStay({ ...ports, revocations, subscriptions }, sessionFixture())).toBe('yes');
  });

  it('is kept when it is accepted', async () => {
    expect(await accept(ports, policies, sessionOf('new'))).toBe('accepted');

    expect(await connectionsOf('ann')).toEqual(['new']);
  });

  it('leaves no row when it is refused, and no other connection is touched', async () => {
    await opened(1);
    await ports.revocations.revoke('ann', MOMENT);

    expect(await accept(ports, policies, sessionOf('new'))).toBe('revoked');

    expect(await connectionsOf('ann')).toEqual(['ann 0000']);
    expect(await ports.connections.remove('new')).toEqual([]);
    const { subscriptions } = await ports.subscriptions.page({ channel: '@all', shard: 0 });
    expect(subscriptions.map(({ connectionId }) => connectionId)).toEqual(['ann 0000']);
  });

  it('is refused by a failure when revocations cannot be read', async () => {
    const revocations = { ...ports.revocations, revokedBefore: () => Promise.reject(new Error('no table')) };

    await expect(accept({ ...ports, revocations }, policies, sessionOf('new'))).rejects.toThrow('no table');
  });
});
