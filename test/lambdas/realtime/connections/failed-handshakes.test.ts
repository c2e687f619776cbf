/** Handshakes that fail or die at any request leave nothing that counts against their user. */

import { CONNECTIONS_PER_USER } from 'fanfare-protocol/limits';
import { describe, expect, it } from 'vitest';
import config from '../../../../fanfare.config.ts';
import { accept } from '../../../../lambdas/realtime/connections/accept.ts';
import { closeExpired } from '../../../../lambdas/realtime/connections/expiry.ts';
import { forget } from '../../../../lambdas/realtime/connections/membership.ts';
import { connectionsOf } from '../../../../lambdas/realtime/connections/revocation.ts';
import { type MemoryPorts, memoryPorts, NOW } from '../../../memory/memory-ports.ts';
import { sessionFixture } from '../../sessions.ts';

const policies = config({ local: true });
const USER = 'ann';
const HANDSHAKE_MS = 29_000;

const sessionOf = (connectionId: string) => sessionFixture({ connectionId, user: USER, connectedAt: NOW });

const rowsOf = (ports: MemoryPorts) => connectionsOf(ports, USER);

/** What happens at one request of a handshake: it fails, or the function dies before or after it. */
type Fate = 'fails' | 'fails although it was carried out' | 'dies before' | 'dies behind';

const never = () => new Promise<never>(() => {});

/** The ports of a handshake whose request number `at` ends badly. The requests that undo come after it. */
function endingAt(ports: MemoryPorts, at: number, fate: Fate) {
  let made = 0;
  const request = async <Result>(run: () => Promise<Result>): Promise<Result> => {
    made += 1;
    if (made !== at) return run();
    if (fate === 'dies before') return never();
    if (fate !== 'fails') await run();
    if (fate === 'dies behind') return never();
    throw new Error('The table is too busy');
  };
  const { connections, subscriptions, shards, revocations } = ports;
  return {
    ports: {
      ...ports,
      connections: {
        ...connections,
        open: (...args: Parameters<typeof connections.open>) => request(() => connections.open(...args)),
        remove: (id: string) => request(() => connections.remove(id)),
      },
      subscriptions: {
        ...subscriptions,
        page: (...args: Parameters<typeof subscriptions.page>) => request(() => subscriptions.page(...args)),
        remove: (...args: Parameters<typeof subscriptions.remove>) =>
          request(() => subscriptions.remove(...args)),
      },
      shards: { ...shards, recentCount: (channel: string) => request(() => shards.recentCount(channel)) },
      revocations: {
        ...revocations,
        revokedBefore: (user: string) => request(() => revocations.revokedBefore(user)),
      },
    },
    made: () => made,
  };
}

/** A handshake that dies never settles. */
const settled = (handshake: Promise<unknown>) =>
  Promise.race([
    handshake.then(
      () => 'accepted',
      () => 'failed',
    ),
    new Promise((resolve) => setImmediate(resolve)),
  ]);

/** The requests of a handshake that succeeds: shards, rows, and the check of both. */
const REQUESTS = [1, 2, 3, 4];

describe('a hundred handshakes of a user', () => {
  it.each(REQUESTS)('leave no row if request %i of each fails', async (at) => {
    const ports = memoryPorts();
    for (let index = 0; index < CONNECTIONS_PER_USER; index++)
      expect(
        await settled(accept(endingAt(ports, at, 'fails').ports, policies, sessionOf(`failed-${index}`))),
      ).toBe('failed');

    expect(await rowsOf(ports)).toEqual([]);
    expect(await accept(ports, policies, sessionOf('next'))).toBe('accepted');
  });

  it.each(REQUESTS)('leave no row if request %i of each fails after it was carried out', async (at) => {
    const ports = memoryPorts();
    const fate = 'fails although it was carried out';
    for (let index = 0; index < CONNECTIONS_PER_USER; index++)
      await settled(accept(endingAt(ports, at, fate).ports, policies, sessionOf(`failed-${index}`)));

    expect(await rowsOf(ports)).toEqual([]);
  });

  it.each(REQUESTS.flatMap((at) => [[at, 'dies before'] as const, [at, 'dies behind'] as const]))(
    'do not lock the user out if each %i. request %s',
    async (at, fate) => {
      const ports = memoryPorts();
      for (let index = 0; index < CONNECTIONS_PER_USER; index++) {
        await settled(accept(endingAt(ports, at, fate).ports, policies, sessionOf(`dead-${index}`)));
        ports.peers.set(`dead-${index}`, 'gone');
      }
      const later = { ...ports, now: () => NOW + HANDSHAKE_MS };

      expect(await accept(later, policies, sessionOf('next'))).toBe('accepted');
    },
  );

  it('keep a newcomer out while all of them are open, and cost it eight posts', async () => {
    const ports = memoryPorts();
    for (let index = 0; index < CONNECTIONS_PER_USER; index++)
      await accept(ports, policies, sessionOf(`open-${index}`));
    const later = { ...ports, now: () => NOW + HANDSHAKE_MS };

    expect(await accept(later, policies, sessionOf('next'))).toBe('too many');
    expect(ports.posts.map(({ frame }) => frame)).toEqual(
      Array.from({ length: 8 }, () => ({ event: 'pong' })),
    );
    expect(await rowsOf(ports)).toHaveLength(CONNECTIONS_PER_USER);
  });

  it('count for their user while the gateway may still complete them', async () => {
    const ports = memoryPorts();
    for (let index = 0; index < CONNECTIONS_PER_USER; index++) {
      await accept(ports, policies, sessionOf(`new-${index}`));
      ports.peers.set(`new-${index}`, 'gone');
    }

    expect(await accept(ports, policies, sessionOf('next'))).toBe('too many');
    expect(await rowsOf(ports)).toHaveLength(CONNECTIONS_PER_USER);
  });
});

describe('a connection whose rows the table does not delete', () => {
  it('is forgotten by the next sweep', async () => {
    const ports = memoryPorts();
    await accept(ports, policies, sessionOf('leaver'));
    const remove = () => Promise.reject(new Error('DynamoDB left items unprocessed'));
    await forget({ ...ports, subscriptions: { ...ports.subscriptions, remove } }, 'leaver');
    expect(await rowsOf(ports)).toEqual(['leaver']);

    ports.peers.set('leaver', 'gone');
    await closeExpired({ ...ports, now: () => NOW + HANDSHAKE_MS }, Number.POSITIVE_INFINITY);

    expect(await rowsOf(ports)).toEqual([]);
    expect(await ports.connections.remove('leaver')).toEqual([]);
  });

  it('is an error if it cannot be noted either', async () => {
    const ports = memoryPorts();
    await accept(ports, policies, sessionOf('leaver'));
    const fail = (sentence: string) => () => Promise.reject(new Error(sentence));
    const broken = {
      connections: { ...ports.connections, owe: fail('no grant') },
      subscriptions: { ...ports.subscriptions, remove: fail('too busy') },
    };

    await expect(forget(broken, 'leaver')).rejects.toThrow('too busy');
  });
});
