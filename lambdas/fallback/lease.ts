/**
 * The end of an HTTP session, which moves while its client is connected. No event tells that a client went or that a function was
 * killed. The rows of the session then expire within two minutes, and fan-out and members ignore expired rows.
 */

import { HTTP_SESSION_LEASE_MS } from 'fanfare-protocol/limits';
import type { Session } from '../realtime/access/session.ts';
import { isGroup } from '../realtime/connections/grouping.ts';
import { keepOnly } from '../realtime/connections/join-groups.ts';
import { mayFollow, renewalOf } from '../realtime/connections/renewal.ts';
import { visitInFlight } from '../realtime/in-flight.ts';
import type { FallbackContext } from './context.ts';

/** 45 s. Two renewals fit into a lease, so that a channel lives on if one renewal misses it. Milliseconds. */
const RENEWED_EVERY_MS = (HTTP_SESSION_LEASE_MS * 3) / 8;

const RENEWED_IN_FLIGHT = 16;

/** Seconds since 1970. */
export function leaseFrom(now: number): number {
  return Math.ceil((now + HTTP_SESSION_LEASE_MS) / 1000);
}

export function isRenewalDue(leaseUntil: number, now: number): boolean {
  return leaseUntil * 1000 - now <= HTTP_SESSION_LEASE_MS - RENEWED_EVERY_MS;
}

/**
 * Each subscription takes the rights of the request that renews it. If these do not allow it, it ends with the rights that it
 * has.
 *
 * @returns the new end, in seconds since 1970; `undefined` when the session is over.
 */
export async function renewLease(
  { config, ports }: Pick<FallbackContext, 'config' | 'ports'>,
  session: Session,
): Promise<number | undefined> {
  const { connectionId } = session;
  const { sessions, leases, now } = ports;
  const leaseUntil = leaseFrom(now());
  if (!(await sessions.renew(connectionId, leaseUntil))) return undefined;
  const placements = await leases.renewConnection(connectionId, leaseUntil);
  if (!placements) return undefined;
  await visitInFlight(placements, RENEWED_IN_FLIGHT, async (placement) => {
    if (isGroup(placement.channel))
      await keepOnly(ports, connectionId, placement, mayFollow(config, session));
    const renewal = renewalOf(config, session, placement, leaseUntil);
    return renewal
      ? leases.renewSubscription(connectionId, placement, renewal)
      : leases.retainSubscription(connectionId, placement, leaseUntil);
  });
  return leaseUntil;
}
