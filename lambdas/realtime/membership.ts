/**
 * How connections come and go, and join and leave channels.
 *
 * The order of writes is the promise: a connection's channel set is written before a subscription and shrunk after
 * it, so whoever forgets the connection finds all its subscriptions. What a crash leaves behind goes by 410 or TTL.
 */

import { ALL, userChannel } from '../../protocol/channel.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import {
  CHANNELS_PER_CONNECTION,
  CONNECTION_LIFETIME_MS,
  INTEGRATION_TIMEOUT_MS,
} from '../../protocol/limits.ts';
import type { Ports, Subscription } from './ports.ts';
import type { Session } from './session.ts';

export type MembershipPorts = Pick<Ports, 'connections' | 'subscriptions'>;

/** Rows outlive the longest connection (KA-6) by this much, so that TTL never cuts a live one. */
const EXPIRY_MARGIN_MS = 10 * 60 * 1000;

/** Stores a new connection with its built-in subscriptions. It cannot be posted to before `$connect` returns (HS-15). */
export async function open(
  { connections }: Pick<MembershipPorts, 'connections'>,
  session: Session,
): Promise<void> {
  const handshakeUntil = session.connectedAt + INTEGRATION_TIMEOUT_MS;
  const channels = session.user === undefined ? [ALL] : [ALL, userChannel(session.user)];
  const subscriptions = channels.map((channel) => ({ ...subscriptionOf(session, channel), handshakeUntil }));
  await connections.open(identify(session), subscriptions);
}

/**
 * Puts the connection into a channel.
 *
 * @throws ProtocolError `rate-limited` when it is in too many channels, `busy` when it was forgotten meanwhile.
 */
export async function join(
  { connections, subscriptions, outbound }: MembershipPorts & Pick<Ports, 'outbound'>,
  session: Session,
  channel: string,
): Promise<void> {
  const added = await connections.addChannel(session.connectionId, channel, CHANNELS_PER_CONNECTION);
  if (added === 'full') {
    throw new ProtocolError(
      'rate-limited',
      `A connection is in at most ${CHANNELS_PER_CONNECTION} channels.`,
    );
  }
  if (added === 'gone') {
    // Forgotten, yet still talking: one mistaken 410 does that (OR-6). Only a new connection can be known again.
    await outbound.disconnect(session.connectionId);
    throw new ProtocolError('busy', 'This connection was closed; connect again.');
  }
  await subscriptions.put(subscriptionOf(session, channel));
}

export async function leave(
  { connections, subscriptions }: MembershipPorts,
  session: Session,
  channel: string,
): Promise<void> {
  await subscriptions.remove(session.connectionId, [channel]);
  await connections.removeChannel(session.connectionId, channel);
}

/** Removes every trace of a connection. `seenIn` is a channel it was found in, should its own record be gone. */
export async function forget(
  { connections, subscriptions }: MembershipPorts,
  connectionId: string,
  seenIn: readonly string[] = [],
): Promise<void> {
  const channels = await connections.remove(connectionId);
  await subscriptions.remove(connectionId, [...new Set([...channels, ...seenIn])]);
}

function subscriptionOf(session: Session, channel: string): Subscription {
  return { ...identify(session), channel };
}

function identify({ connectionId, user, connectedAt }: Session) {
  const expiresAt = Math.ceil((connectedAt + CONNECTION_LIFETIME_MS + EXPIRY_MARGIN_MS) / 1000);
  return { connectionId, expiresAt, ...(user !== undefined && { user }) };
}
