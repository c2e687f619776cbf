/**
 * The replies to a frame of hundreds of subscribes, which share one message of the platform. They cannot have room for the longest id and
 * channel each, so the room is counted by the ids and channels that the frame has. A reply that is longer takes of what others leave.
 */

import { ProtocolError } from 'fanfare-protocol/errors';
import { MESSAGE_BYTES } from 'fanfare-protocol/limits';
import * as v from 'valibot';
import type { ReplyRoom } from '../realtime/log/reply-room.ts';

/** A reply or a short error beside its id, its channel and its records, with the comma behind it. Bytes. */
const ENVELOPE_BYTES = 140;

export const NO_ROOM = new ProtocolError('busy', 'There was no room for this reply; send it again.', 1_000);

const named = v.object({ channel: v.optional(v.string(), ''), id: v.optional(v.unknown()) });

export class LargeFrame implements ReplyRoom {
  left: number;
  private readonly envelopes: readonly number[];
  /** For the replies that were added, and the envelopes of the others. */
  private taken: number;

  constructor(candidates: readonly unknown[]) {
    this.envelopes = candidates.map(envelopeOf);
    this.taken = '[]'.length + this.envelopes.reduce((sum, bytes) => sum + bytes, 0);
    this.left = MESSAGE_BYTES - this.taken;
  }

  take(content: unknown): boolean {
    const size = Buffer.byteLength(JSON.stringify(content)) + 1;
    if (size > this.left) return false;
    this.left -= size;
    return true;
  }

  /** Counts a reply, if it fits. */
  fits(json: string, index: number): boolean {
    const taken = this.taken - (this.envelopes[index] ?? 0) + Buffer.byteLength(json) + 1;
    if (taken > MESSAGE_BYTES) return false;
    this.taken = taken;
    return true;
  }
}

function envelopeOf(candidate: unknown): number {
  const { success, output } = v.safeParse(named, candidate);
  const { channel, id } = success ? output : { channel: '', id: '' };
  return ENVELOPE_BYTES + Buffer.byteLength(channel) + Buffer.byteLength(JSON.stringify(id) ?? '');
}
