/** The frames that tell observers what has changed in a channel: one change as an event of its own, several as a diff. */

import type { PresenceEvent } from 'fanfare-protocol/events';
import { FRAME_BYTES } from 'fanfare-protocol/limits';

export type Change = Pick<PresenceEvent, 'event' | 'member'>;

/** A gateway bills each 32 KB of a post as a message, so a longer diff is several frames. */
export function framesOf(channel: string, changes: readonly Change[]): readonly Uint8Array[] {
  return portionsOf(channel, changes).map((portion) =>
    new TextEncoder().encode(JSON.stringify(contentOf(channel, portion))),
  );
}

function contentOf(channel: string, changes: readonly Change[]) {
  const [first] = changes;
  if (first && changes.length === 1) return { event: first.event, channel, member: first.member };
  return (['joined', 'left'] as const).flatMap((event) => {
    const members = changes.filter((change) => change.event === event).map(({ member }) => member);
    return members.length > 0 ? [{ event, channel, members }] : [];
  });
}

function portionsOf(channel: string, changes: readonly Change[]): readonly (readonly Change[])[] {
  const around = JSON.stringify(
    (['joined', 'left'] as const).map((event) => ({ event, channel, members: [] })),
  ).length;
  const portions: Change[][] = [];
  let room = 0;
  for (const change of changes) {
    const size = Buffer.byteLength(JSON.stringify(change.member)) + ','.length;
    if (size > room) {
      portions.push([]);
      room = FRAME_BYTES - around;
    }
    portions.at(-1)?.push(change);
    room -= size;
  }
  return portions;
}
