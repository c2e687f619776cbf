/** Checks one user of a channel, as the stream names it, and throws what failed. */

import type { AnnouncePorts } from '../../../../lambdas/realtime/presence/announce.ts';
import { attend, makeDue, type Sighting } from '../../../../lambdas/realtime/presence/attendance.ts';
import type { MemberKey } from '../../../../lambdas/realtime/presence/presence-store.ts';

/** @returns whether the user is in the due list. */
export async function attendOne(
  ports: AnnouncePorts,
  { channel, ...sighting }: Sighting & MemberKey,
  lingerMs: number,
): Promise<boolean> {
  const { isDue, failed } = await attend(ports, channel, [sighting], lingerMs);
  if (failed.size > 0) throw failed.get(sighting.user);
  return isDue;
}

export async function makeDueOf(ports: AnnouncePorts, { channel, user }: MemberKey): Promise<void> {
  const failed = await makeDue(ports, channel, [{ user }]);
  if (failed.size > 0) throw failed.get(user);
}
