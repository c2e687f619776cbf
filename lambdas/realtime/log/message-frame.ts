/** The frame that carries the messages of one publish to every subscriber. */

import type { Message, VoidRecord } from 'fanfare-protocol/actions';
import { ProtocolError } from 'fanfare-protocol/errors';
import type { MessagesEvent } from 'fanfare-protocol/events';
import type { LogDraft } from './log-draft.ts';
import type { MessageRecord, SealedRecord } from './log-store.ts';
import { onWire } from './replay.ts';
import { PUBLISHED_BYTES } from './reply-room.ts';
import { authorOf, type Sender } from './sender.ts';

export function fromOf(sender: Sender): Pick<Message, 'from'> {
  const from = authorOf(sender);
  return from === undefined ? {} : { from };
}

/** What a message says beside its data: the name of its value, or the message that it replaces, and whether it removes one of these. */
export function marksOf({
  name,
  replaces,
  remove,
}: LogDraft): Pick<MessageRecord, 'name' | 'removed' | 'replaces'> {
  return {
    ...(name !== undefined && { name }),
    ...(replaces !== undefined && { replaces }),
    ...(remove && { removed: true }),
  };
}

/** A message gets its number and time only at the write, so its size is measured with the longest number and time. */
export const WIDEST = { seq: Number.MAX_SAFE_INTEGER, time: Number.MAX_SAFE_INTEGER };

/**
 * @param first the channel's first number, which only the frame of that number has.
 * @throws ProtocolError `too-large`.
 */
export function encode(
  channel: string,
  records: readonly (Message | VoidRecord)[],
  first?: number,
): Uint8Array {
  const frame = bytesOf(channel, records, first);
  if (frame.byteLength <= PUBLISHED_BYTES) return frame;
  throw new ProtocolError('too-large', `The messages make a frame of more than ${PUBLISHED_BYTES} bytes.`);
}

/** The messages, with the void numbers before them as far as the frame has room: subscribers find the others in history. */
export function encodeWithVoids(
  channel: string,
  voids: readonly SealedRecord[],
  messages: readonly Message[],
  first?: number,
): Uint8Array {
  const frame = bytesOf(channel, [...voids.map(onWire), ...messages], first);
  return frame.byteLength <= PUBLISHED_BYTES ? frame : encode(channel, messages, first);
}

function bytesOf(channel: string, records: readonly (Message | VoidRecord)[], first?: number): Uint8Array {
  const begins = first !== undefined && records[0]?.seq === first;
  const event: MessagesEvent = {
    event: 'messages',
    channel,
    ...(begins && { first }),
    messages: [...records],
  };
  return new TextEncoder().encode(JSON.stringify(event));
}
