/** Decides by the rules of `subscribe` how a request may renew a subscription that an earlier request has made. Pure. */

import { ProtocolError } from 'fanfare-protocol/errors';
import type { FanfareConfig, NamespacePolicy } from '../access/namespaces.ts';
import { authorize, decide } from '../access/permissions.ts';
import { isExpired, type Session } from '../access/session.ts';
import { isGroup } from './grouping.ts';
import { homeInfo, isHome } from './home.ts';
import type { Grant, Renewal } from './http-sessions.ts';
import { standingOf } from './membership.ts';
import { isAddressPlacement } from './source-address.ts';
import type { Placement } from './subscription-store.ts';

/**
 * The renewed subscription. `undefined` if the token of the request does not allow it: then it ends with its present grant.
 *
 * @param leaseUntil Seconds since 1970.
 */
export function renewalOf(
  config: FanfareConfig,
  session: Session,
  placement: Placement,
  leaseUntil: number,
): Renewal | undefined {
  const { expiresAt } = session;
  const until = {
    // As on sockets, nothing is delivered after the end of the token.
    expiresAt: Math.min(leaseUntil, expiresAt ?? leaseUntil),
    ...(expiresAt !== undefined && { grantUntil: expiresAt }),
  };
  // What the token does not give was removed from the row of a group (`lease.ts`).
  if (isAddressPlacement(placement) || isGroup(placement.channel)) return until;
  const policy = policyFor(config, session, placement.channel);
  if (policy) return { ...until, ...standingOf(config, policy, session, placement.channel) };
  // The user's connections are counted and closed by this row. So it lives as long as the session, but gets no messages.
  return isHome(session, placement) ? { ...until, ...homeInfo(config, session), isDeaf: true } : undefined;
}

/** Frames that wait for a session. Fewer connections may see `presence` than `messages`. */
export type FrameKind = 'messages' | 'presence';

/** Whether the token of the request itself allows this channel. */
export function mayHear(config: FanfareConfig, session: Session, channel: string, kind: FrameKind): boolean {
  const policy = policyFor(config, session, channel);
  if (!policy) return false;
  return kind === 'messages' || decide(policy.members, session, 'members', channel) === 'allowed';
}

/** Which channels of a group the token of a request gives. */
export function mayFollow(config: FanfareConfig, session: Session): (channel: string) => boolean {
  return (channel) => mayHear(config, session, channel, 'messages');
}

/** Whether a stored subscription still gives the right to a frame. A subscription without an end was made without a token, and gives no right of its own. */
export function gives(grant: Grant | undefined, kind: FrameKind, now: number): boolean {
  if (grant?.grantUntil === undefined || grant.isDeaf) return false;
  if (isExpired({ expiresAt: grant.grantUntil }, now)) return false;
  return kind === 'messages' || grant.seesMembers === true;
}

function policyFor(config: FanfareConfig, session: Session, channel: string): NamespacePolicy | undefined {
  try {
    return authorize(config, session, 'subscribe', channel);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
