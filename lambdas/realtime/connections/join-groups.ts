/**
 * Puts a connection into channels of grouped namespaces: one or many.
 *
 * The order of writes is that of `membership.ts`: the connection names its groups before a row is there, and the rows are there before the
 * heads of their channels are read. Two frames of one connection may change the same row at once. Each only adds or removes its own
 * channels, so both changes stay. A row without channels stays, too: to remove it could remove what another frame has just added.
 */

import { ProtocolError } from 'fanfare-protocol/errors';
import { CHANNELS_PER_GROUP } from 'fanfare-protocol/limits';
import type { Session } from '../access/session.ts';
import { visitInFlight } from '../in-flight.ts';
import { GROUPS } from './grouping.ts';
import { recentCounts } from './join-together.ts';
import { type JoinPorts, type MembershipPorts, subscriptionOf } from './membership.ts';
import { growIfFull } from './settling.ts';
import { shardFor } from './sharding.ts';
import type { Placement } from './subscription-store.ts';

/** The groups of a connection in one namespace, so that a frame of many channels takes no longer than one of few. */
const ROWS_IN_FLIGHT = 16;

/** What became of each channel. `gone`: its connection is forgotten, or has to come back. */
export type Joined = 'joined' | 'full' | 'gone';

export interface GroupedChannel {
  readonly channel: string;
  readonly group: string;
}

/**
 * @param mayFollow whether the token of this request gives a channel. A session over HTTP may have had others: what they gave is removed,
 *   because the row takes the end of this token.
 */
export async function joinGroups(
  ports: JoinPorts,
  session: Session,
  wanted: readonly GroupedChannel[],
  mayFollow: (channel: string) => boolean,
): Promise<ReadonlyMap<string, Joined>> {
  const { connections, subscriptions, outbound } = ports;
  const { connectionId } = session;
  const channels = new Map<string, string[]>();
  for (const { channel, group } of wanted) channels.set(group, [...(channels.get(group) ?? []), channel]);
  const counts = await recentCounts(ports, [...channels.keys()]);
  const chosen = [...counts].map(([group, count]) => ({
    channel: group,
    shard: shardFor(connectionId, count),
  }));
  const placements = await connections.addGroups(connectionId, chosen);
  const joined = new Map<string, Joined>(wanted.map(({ channel }) => [channel, 'gone']));
  if (!placements) return joined;
  let isStranded = false;
  await visitInFlight(placements, ROWS_IN_FLIGHT, async (placement) => {
    const names = channels.get(placement.channel) ?? [];
    if (session.leaseUntil !== undefined) await keepOnly(ports, connectionId, placement, mayFollow);
    const shardCount = counts.get(placement.channel) ?? 1;
    const row = subscriptionOf(session, placement, shardCount);
    const following = await subscriptions.follow(row, names, CHANNELS_PER_GROUP);
    for (const name of names) joined.set(name, following === 'full' ? 'full' : 'joined');
    isStranded ||= await isAbove(ports, placement);
    if (following === 'new') await growIfFull(ports, connectionId, placement, shardCount);
  });
  if (isStranded) {
    // A new connection is placed anew. The client was asked to move anyway, or came in the seconds since then.
    await outbound.disconnect(connectionId);
    return allGone(wanted);
  }
  if (await connections.isStored(connectionId)) return joined;
  await subscriptions.remove(connectionId, placements);
  return allGone(wanted);
}

/** Whether the row is in a shard that deliveries may leave out already: the group becomes narrower (`narrowing.ts`). */
async function isAbove({ shards }: JoinPorts, { channel, shard }: Placement): Promise<boolean> {
  return shard > 0 && shard >= (await shards.placedOver(channel));
}

function allGone(wanted: readonly GroupedChannel[]): ReadonlyMap<string, Joined> {
  return new Map(wanted.map(({ channel }) => [channel, 'gone']));
}

/** Removes the channels that the connection may not follow. */
export async function keepOnly(
  { subscriptions }: Pick<MembershipPorts, 'subscriptions'>,
  connectionId: string,
  placement: Placement,
  mayFollow: (channel: string) => boolean,
): Promise<void> {
  const names = await subscriptions.followed(connectionId, placement);
  const others = names.filter((channel) => !mayFollow(channel));
  if (others.length > 0) await subscriptions.unfollow(connectionId, placement, others);
}

/** @throws ProtocolError that says why a single channel was not joined. */
export async function joinGroup(
  ports: JoinPorts,
  session: Session,
  wanted: GroupedChannel,
  mayFollow: (channel: string) => boolean,
): Promise<void> {
  const joined = (await joinGroups(ports, session, [wanted], mayFollow)).get(wanted.channel);
  if (joined === 'joined') return;
  if (joined === 'full')
    throw new ProtocolError(
      'rate-limited',
      `A connection is in at most ${CHANNELS_PER_GROUP} channels of each of ${GROUPS} groups.`,
    );
  // Forgotten, yet still talking: one mistaken 410 does that (OR-6). Only a new connection can be known again.
  await ports.outbound.disconnect(session.connectionId);
  throw new ProtocolError('busy', 'This connection was closed; connect again.');
}

/** Takes the connection out of a channel of a group. */
export async function leaveGroup(
  { connections, subscriptions }: MembershipPorts,
  { connectionId }: Session,
  { channel, group }: GroupedChannel,
): Promise<void> {
  const shard = await connections.shardOf(connectionId, group);
  if (shard !== undefined) await subscriptions.unfollow(connectionId, { channel: group, shard }, [channel]);
}
