/** Checks one user of a channel, as the stream names it, and throws what failed. */

import type { AnnouncePorts } from '../../../../lambdas/realtime/presence/announce.ts';
import { attend, endLinger, type Sighting } from '../../../../lambdas/realtime/presence/attendance.ts';
import type { LingeringUser, MemberKey } from '../../../../lambdas/realtime/presence/presence-store.ts';

/** @returns the end of the linger, if the user may come back. */
export async function attendOne(
  ports: AnnouncePorts,
  { channel, ...sighting }: Sighting & MemberKey,
  lingerMs: number,
): Promise<LingeringUser | undefined> {
  const { leaving, failed } = await attend(ports, channel, [sighting], lingerMs);
  if (failed.size > 0) throw failed.get(sighting.user);
  return leaving[0];
}

export async function endLingerOf(ports: AnnouncePorts, leaving: LingeringUser): Promise<void> {
  const failed = await endLinger(ports, leaving.channel, [leaving]);
  if (failed.size > 0) throw failed.get(leaving.user);
}
