/**
 * How connections open and end, and how they join and leave channels.
 *
 * The order of writes is the promise: a connection's channel set is written before a subscription and shrunk after
 * it, so that forgetting the connection finds all its subscriptions. After a crash, a 410 or the TTL removes the rest.
 */

import { ALL } from 'fanfare-protocol/channel';
import { ProtocolError } from 'fanfare-protocol/errors';
import {
  CHANNELS_PER_CONNECTION,
  CONNECTION_LIFETIME_MS,
  INTEGRATION_TIMEOUT_MS,
} from 'fanfare-protocol/limits';
import type { FanfareConfig, NamespacePolicy } from '../access/namespaces.ts';
import { decide } from '../access/permissions.ts';
import type { Session } from '../access/session.ts';
import type { ConnectionStore } from './connection-store.ts';
import { homeInfo, homeOf, isHome } from './home.ts';
import type { Closer } from './outbound.ts';
import { growIfFull, settle } from './settling.ts';
import type { ShardStore } from './shard-store.ts';
import { shardFor } from './sharding.ts';
import { addressPlacement } from './source-address.ts';
import type { Placement, Subscription, SubscriptionStore } from './subscription-store.ts';

export interface MembershipPorts {
  readonly connections: ConnectionStore;
  readonly subscriptions: SubscriptionStore;
}

export interface OpenPorts extends MembershipPorts {
  readonly shards: ShardStore;
}

export interface JoinPorts extends OpenPorts {
  readonly outbound: Closer;
}

/** Rows outlive the longest connection (KA-6) by this much, so that TTL never cuts a live one. */
const EXPIRY_MARGIN_MS = 10 * 60 * 1000;

/**
 * Stores a new connection with the built-in subscriptions that it may have. It cannot be posted to before `$connect` returns
 * (HS-15).
 */
export async function open(ports: OpenPorts, config: FanfareConfig, session: Session): Promise<void> {
  const { connectionId, connectedAt, user, address } = session;
  const handshakeUntil = connectedAt + INTEGRATION_TIMEOUT_MS;
  const row = { ...subscriberOf(session), handshakeUntil };
  const shardCount = await ports.shards.recentCount(ALL);
  const everyone = { ...row, channel: ALL, shard: shardFor(connectionId, shardCount), shardCount };
  const hearsAll = decide(config.builtIn[ALL].subscribe, session, 'subscribe', ALL) === 'allowed';
  const own = user === undefined ? [] : [{ ...row, ...ownPlace(config, session, homeOf(user)) }];
  const visiting = address === undefined ? [] : [{ ...row, ...addressPlacement(address), shardCount: 1 }];
  const closesAt = closingTime(session);
  const connection = {
    connectionId,
    expiresAt: endOf(session),
    ...(closesAt !== undefined && { closesAt, handshakeUntil }),
    ...(user !== undefined && { user }),
    ...(address !== undefined && { address }),
  };
  const rows = [...(hearsAll ? [everyone] : []), ...own, ...visiting];
  try {
    await ports.connections.open(connection, rows);
    if (hearsAll) await growIfFull(ports, connectionId, everyone, shardCount);
  } catch (error) {
    await undo(ports, connectionId, rows);
    throw error;
  }
}

/**
 * Removes what a handshake has written before it failed: the gateway sends no `$disconnect` for it, and the rows would count as a
 * connection of the user until their TTL. A batch that failed may have written any of its rows, so all are named. What this cannot
 * remove, a later handshake of the user finds (`revocation.ts`).
 */
async function undo(
  { connections, subscriptions }: MembershipPorts,
  connectionId: string,
  placements: readonly Placement[],
): Promise<void> {
  await Promise.allSettled([
    connections.remove(connectionId),
    subscriptions.remove(connectionId, placements),
  ]);
}

/** Every connection of a user has this row, even if it may not receive the messages there: the rows serve to count and close them. */
function ownPlace(config: FanfareConfig, session: Session, home: Placement) {
  const { subscribe } = config.builtIn['@user'];
  const hears = decide(subscribe, session, 'subscribe', home.channel) === 'allowed';
  return {
    ...home,
    shardCount: 1,
    ...keptFor(session, home),
    ...homeInfo(config, session),
    ...(!hears && { isDeaf: true }),
  };
}

/** A socket counts until it is closed, even if its token ends earlier. */
function keptFor(session: Session, placement: Placement): Pick<Subscription, 'keptUntil'> {
  if (!isHome(session, placement) || session.leaseUntil !== undefined) return {};
  const end = endOf(session);
  return session.expiresAt !== undefined && session.expiresAt < end ? { keptUntil: end } : {};
}

/** The fields of a subscription for presence. */
export type Standing = Pick<Subscription, 'isMember' | 'info' | 'seesMembers' | 'takesDiffs'>;

/**
 * Decided when a connection subscribes, and stored in the row: later posts use the stored values.
 *
 * @param config tells whether info is stored in a home row.
 * @param takesDiffs whether the subscribe asks for several changes in one frame.
 */
export function standingOf(
  config: Pick<FanfareConfig, 'namespaces'>,
  { presence, members }: Pick<NamespacePolicy, 'presence' | 'members'>,
  session: Session,
  channel: string,
  takesDiffs = false,
): Standing {
  // A client that subscribes to the user's channel writes the home row again.
  if (isHome(session, { channel })) return homeInfo(config, session);
  if (presence === 'none') return {};
  const seesMembers = decide(members, session, 'members', channel) === 'allowed';
  return {
    ...(session.user !== undefined && { isMember: true }),
    ...(seesMembers && { seesMembers, ...(takesDiffs && { takesDiffs }) }),
  };
}

/**
 * Puts the connection into a channel. Without a standing it is not a member, and sees no members.
 *
 * @throws ProtocolError `rate-limited` when it is in too many channels, `busy` when it was forgotten meanwhile.
 */
export async function join(
  ports: JoinPorts,
  session: Session,
  channel: string,
  standing: Standing = {},
): Promise<void> {
  const { connectionId } = session;
  const shardCount = await ports.shards.recentCount(channel);
  const wanted = { channel, shard: shardFor(connectionId, shardCount) };
  const added = await ports.connections.addChannel(connectionId, wanted, CHANNELS_PER_CONNECTION);
  if (added.kind === 'full') {
    throw new ProtocolError(
      'rate-limited',
      `A connection is in at most ${CHANNELS_PER_CONNECTION} channels.`,
    );
  }
  if (added.kind === 'gone') {
    // Forgotten, yet still talking: one mistaken 410 does that (OR-6). Only a new connection can be known again.
    await ports.outbound.disconnect(connectionId);
    throw new ProtocolError('busy', 'This connection was closed; connect again.');
  }
  const placement = { channel, shard: added.shard };
  const subscription = subscriptionOf(session, placement, shardCount, standing);
  await ports.subscriptions.put(subscription);
  await settle(ports, subscription);
}

/** The row of a subscription that a command makes. */
export function subscriptionOf(
  session: Session,
  placement: Placement,
  shardCount: number,
  standing: Standing = {},
): Subscription {
  return {
    ...subscriberOf(session),
    ...placement,
    shardCount,
    ...keptFor(session, placement),
    ...standing,
  };
}

export async function leave(
  { connections, subscriptions }: MembershipPorts,
  { connectionId }: Session,
  channel: string,
): Promise<void> {
  const shard = await connections.shardOf(connectionId, channel);
  if (shard === undefined) return;
  await subscriptions.remove(connectionId, [{ channel, shard }]);
  await connections.removeChannel(connectionId, channel);
}

/** Removes every trace of a connection. `seenIn` is where it was found, should its own record be gone. */
export async function forget(
  { connections, subscriptions }: MembershipPorts,
  connectionId: string,
  seenIn?: Placement,
): Promise<void> {
  const placements = await connections.remove(connectionId);
  const isKnown = placements.some(
    ({ channel, shard }) => channel === seenIn?.channel && shard === seenIn.shard,
  );
  const all = seenIn && !isKnown ? [...placements, seenIn] : placements;
  try {
    await subscriptions.remove(connectionId, all);
  } catch (error) {
    // Deletions are given up when a crowd leaves faster than the table takes them. Without the connection's item, nothing else would
    // find these rows before their TTL, and the connection would stay a member for two hours.
    await connections.owe(connectionId, all).catch(() => Promise.reject(error));
  }
}

function subscriberOf(session: Session) {
  const { connectionId, user, expiresAt = Number.POSITIVE_INFINITY, leaseUntil } = session;
  return {
    connectionId,
    expiresAt: Math.min(endOf(session), expiresAt),
    ...(leaseUntil !== undefined && Number.isFinite(expiresAt) && { grantUntil: expiresAt }),
    ...(user !== undefined && { user }),
  };
}

/**
 * When the sweep closes a socket: at the end of its token. Seconds since 1970; `undefined` for HTTP sessions, which their clients
 * end by staying away, and if the platform closes it before (KA-6).
 */
function closingTime({ connectedAt, expiresAt, leaseUntil }: Session): number | undefined {
  if (expiresAt === undefined || leaseUntil !== undefined) return undefined;
  return expiresAt * 1000 < connectedAt + CONNECTION_LIFETIME_MS ? expiresAt : undefined;
}

/** Seconds since 1970. */
function endOf({ connectedAt, leaseUntil }: Session): number {
  return leaseUntil ?? Math.ceil((connectedAt + CONNECTION_LIFETIME_MS + EXPIRY_MARGIN_MS) / 1000);
}
