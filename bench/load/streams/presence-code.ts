/** One batch of the function `presence`, as `lambdas/presence.ts` handles it, on simulated ports. */

import type { Placement } from '../../../lambdas/realtime/connections/subscription-store.ts';
import { visitInFlight } from '../../../lambdas/realtime/in-flight.ts';
import type { AnnouncePorts } from '../../../lambdas/realtime/presence/announce.ts';
import { attend } from '../../../lambdas/realtime/presence/attendance.ts';
import { type CallPorts, callWorker } from '../../../lambdas/realtime/presence/shift.ts';
import type { StreamChange } from './stream-reader.ts';

export interface PresenceChange extends StreamChange {
  /** Names the worker that is called for the batch that begins with this change. */
  readonly sequenceNumber: string;
  readonly connectionId: string;
  readonly placement: Placement;
  readonly user: string;
}

const CHANNELS_IN_FLIGHT = 8;

/** @returns the changes that have to come again. */
export async function attendBatch(
  ports: AnnouncePorts & CallPorts,
  changes: readonly PresenceChange[],
): Promise<readonly PresenceChange[]> {
  const channels = new Map<string, Map<string, Map<string, Placement>>>();
  for (const { placement, user, connectionId } of changes) {
    const users = channels.get(placement.channel) ?? new Map<string, Map<string, Placement>>();
    const connections = users.get(user) ?? new Map<string, Placement>();
    channels.set(placement.channel, users.set(user, connections.set(connectionId, placement)));
  }
  let isDue = false;
  const failed = new Set<string>();
  await visitInFlight([...channels], CHANNELS_IN_FLIGHT, async ([channel, users]) => {
    const sightings = [...users].map(([user, connections]) => ({ user, connections }));
    const attended = await attend(ports, channel, sightings, 0);
    isDue ||= attended.isDue;
    for (const user of attended.failed.keys()) failed.add(`${channel}/${user}`);
  });
  const [first] = changes;
  if (isDue && first) await callWorker(ports, first.sequenceNumber);
  return changes.filter(({ placement, user }) => failed.has(`${placement.channel}/${user}`));
}
