/** Reads what the subscriptions say about a user in a channel. A subscription that a record of the stream names decides, and not the record. */

import { homeOf } from '../connections/home.ts';
import { connectionsOf } from '../connections/revocation.ts';
import type { Attendance, Placement } from '../connections/subscription-store.ts';
import { visitInFlight } from '../in-flight.ts';
import type { AnnouncePorts } from './announce.ts';
import type { Findings, Presence } from './presence-state.ts';
import type { MemberKey } from './presence-store.ts';

type FindingPorts = Pick<AnnouncePorts, 'connections' | 'subscriptions'>;

/** A user has few connections. */
const IN_FLIGHT = 8;

/** @param before read before this is called, so that the findings are newer than the stored presence. */
export async function findingsOf(
  ports: FindingPorts,
  { user }: MemberKey,
  connections: ReadonlyMap<string, Placement>,
  before: Presence,
): Promise<Findings> {
  const found = new Map<string, Attendance | undefined>();
  await visitInFlight([...connections], IN_FLIGHT, async ([id, placement]) => {
    found.set(id, await look(ports, user, id, placement, before));
  });
  return found;
}

/**
 * The user's connections in the channel that the stream has not reported yet. It reports the changes of one item in their order, but Lambda
 * handles those of several items at once. So the end of a connection may come before the beginning of the one that replaces it.
 *
 * @param known connections that were looked at.
 */
export async function unreported(
  ports: FindingPorts,
  { channel, user }: MemberKey,
  known: Findings,
  before: Presence,
): Promise<Findings> {
  const others = (await connectionsOf(ports, user)).filter((id) => !known.has(id));
  const placed = new Map<string, Placement>();
  await visitInFlight(others, IN_FLIGHT, async (id) => {
    const shard = await ports.connections.shardOf(id, channel);
    if (shard !== undefined) placed.set(id, { channel, shard });
  });
  return findingsOf(ports, { channel, user }, placed, before);
}

async function look(
  { subscriptions }: FindingPorts,
  user: string,
  id: string,
  placement: Placement,
  before: Presence,
): Promise<Attendance | undefined> {
  const found = await subscriptions.attendance(id, placement);
  // The info of a connection is told once: it is that of the token with which the connection was opened.
  if (!found || found.info !== undefined || before.connections.has(id)) return found;
  const home = await subscriptions.infoOf(id, homeOf(user));
  return home ? { ...found, ...home } : { ...found, hasLostInfo: true };
}
