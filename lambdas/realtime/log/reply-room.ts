/** Counts how many records fit into a reply, which is one message of the platform (PR-9). */

import { MESSAGE_BYTES } from 'fanfare-protocol/limits';

/** The bytes of a reply beside its records: the longest id and channel, and the fields themselves. */
export const ENVELOPE_BYTES = 1_280;

/** The largest frame of messages that still fits into a reply when it is replayed. Bytes. */
export const PUBLISHED_BYTES = MESSAGE_BYTES - ENVELOPE_BYTES;

export interface ReplyRoom {
  /** Takes the room for an item. Returns `false`, and takes nothing, if the item does not fit. */
  take(content: unknown): boolean;
  /** The bytes that are left. */
  readonly left: number;
}

/** The room that the replies to the commands of one frame share. */
export function replyRoom(commands: number): ReplyRoom {
  let left = MESSAGE_BYTES - commands * ENVELOPE_BYTES;
  return {
    take(content) {
      // With the comma that separates it from the next.
      const size = Buffer.byteLength(JSON.stringify(content)) + 1;
      if (size > left) return false;
      left -= size;
      return true;
    },
    get left() {
      return left;
    },
  };
}
