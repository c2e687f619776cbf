import { describe, expect, it } from 'vitest';
import { isRenewalDue, leaseFrom, renewLease } from '../../../lambdas/fallback/lease.ts';
import { newConnectionId, sessionKeyOf } from '../../../lambdas/realtime/connections/http-sessions.ts';
import { NOW } from '../../memory/memory-ports.ts';
import { fallbackWorld } from './fallback-world.ts';

const sessionKey = sessionKeyOf('ann', 'a-random-session-0');
const placement = { channel: 'open:a', shard: 0 };
const LEASE_UNTIL = NOW / 1000 + 120;

async function leased() {
  const { context, ports } = fallbackWorld();
  const connectionId = newConnectionId(sessionKey);
  const rows = { connectionId, connectedAt: NOW, leaseUntil: NOW / 1000 };
  await ports.sessions.open({ sessionKey, ...rows });
  await ports.connections.open({ connectionId, expiresAt: NOW / 1000 }, [
    { ...placement, shardCount: 1, connectionId, expiresAt: NOW / 1000 },
  ]);
  const endOfRow = async () => (await ports.subscriptions.page(placement)).subscriptions[0]?.expiresAt;
  return { context, ports, session: { ...rows, user: 'ann' }, endOfRow };
}

describe('a lease', () => {
  it('lasts two minutes, and is renewed after 45 seconds', () => {
    expect(leaseFrom(NOW)).toBe(LEASE_UNTIL);
    expect([44_999, 45_000].map((ms) => isRenewalDue(LEASE_UNTIL, NOW + ms))).toEqual([false, true]);
  });

  it('is renewed in the rows of the session, of its connection and of every channel', async () => {
    const { context, ports, session, endOfRow } = await leased();

    expect(await renewLease(context, session)).toBe(LEASE_UNTIL);

    expect((await ports.sessions.find(sessionKey))?.leaseUntil).toBe(LEASE_UNTIL);
    expect((await ports.directory.connection(session.connectionId))?.expiresAt).toBe(LEASE_UNTIL);
    expect(await endOfRow()).toBe(LEASE_UNTIL);
  });

  it('never ends a row after the end of the token', async () => {
    const { context, session, endOfRow } = await leased();
    const expiresAt = NOW / 1000 + 30;

    await renewLease(context, { ...session, expiresAt });

    expect(await endOfRow()).toBe(expiresAt);
  });

  it.each(['its session was opened again', 'its connection was forgotten'])(
    'is not renewed when %s',
    async (why) => {
      const { context, ports, session } = await leased();
      if (why === 'its connection was forgotten') await ports.connections.remove(session.connectionId);
      else await ports.sessions.open({ ...session, sessionKey, connectionId: newConnectionId(sessionKey) });

      expect(await renewLease(context, session)).toBeUndefined();
    },
  );
});
