/**
 * Puts a connection into many channels by one update of its item. A client that comes back subscribes to all its channels in one frame.
 * One by one, each of them would rewrite the item with all channels before it: 267 write units for 100 channels of 40 characters,
 * instead of 5.
 *
 * The order of writes is that of `membership.ts`: the channels first, and the rows then. The rows take several requests, and the
 * connection may be forgotten meanwhile. So the connection is looked for at last: either it is gone, and this function removes the rows;
 * or it is forgotten later, and `forget` finds the channels and removes the rows.
 */

import { CHANNELS_PER_CONNECTION } from 'fanfare-protocol/limits';
import type { Session } from '../access/session.ts';
import { visitInFlight } from '../in-flight.ts';
import { type OpenPorts, type Standing, subscriptionOf } from './membership.ts';
import { settle } from './settling.ts';
import { shardFor } from './sharding.ts';
import type { Placement } from './subscription-store.ts';

/** Small reads, of which most connections need one per channel. */
const READS_IN_FLIGHT = 16;

const NONE: ReadonlySet<string> = new Set();

/**
 * @param wanted the channels, and for each what `join` takes.
 * @returns the channels in which the connection is now. An empty set if it was refused, because the connection is gone or would be in too
 *   many channels: `join` says for each channel which of the two.
 */
export async function joinTogether(
  ports: OpenPorts,
  session: Session,
  wanted: ReadonlyMap<string, Standing>,
): Promise<ReadonlySet<string>> {
  const { connections, subscriptions } = ports;
  const { connectionId } = session;
  const counts = await recentCounts(ports, [...wanted.keys()]);
  const chosen = [...counts].map(([channel, count]) => ({ channel, shard: shardFor(connectionId, count) }));
  const placements = await connections.addChannels(connectionId, chosen, CHANNELS_PER_CONNECTION);
  if (!placements) return NONE;
  const rows = placements.map((placement) => {
    const { channel } = placement;
    return subscriptionOf(session, placement, counts.get(channel) ?? 1, wanted.get(channel));
  });
  await subscriptions.putAll(rows);
  const settled: Placement[] = [];
  await visitInFlight(rows, READS_IN_FLIGHT, async (row) => {
    settled.push(await settle(ports, row));
  });
  if (await connections.isStored(connectionId)) return new Set(placements.map(({ channel }) => channel));
  await subscriptions.remove(connectionId, settled);
  return NONE;
}

/** Over how many shards the newcomers of each channel or group are placed. */
export async function recentCounts(
  { shards }: Pick<OpenPorts, 'shards'>,
  channels: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  await visitInFlight(channels, READS_IN_FLIGHT, async (channel) => {
    counts.set(channel, await shards.recentCount(channel));
  });
  return counts;
}
