/**
 * Writes the edit of a message: a message of the log with a number of its own, and the content of the message that it replaces, in one
 * transaction. So a function that dies leaves both or none, and the edit of the greatest number has won.
 */

import { ProtocolError } from 'fanfare-protocol/errors';
import type { ChannelLog } from './channel-log.ts';
import { type EditRecord, isEdit, isMessage, isServed, type MessageRecord } from './log-store.ts';
import { encode } from './message-frame.ts';

/** A message that is to be edited. */
export interface Original {
  readonly message: MessageRecord;
  /** All messages that were published together with it. */
  readonly publish: readonly MessageRecord[];
}

export type EditOutcome =
  | { readonly kind: 'written' }
  /** A reader has sealed the number. */
  | { readonly kind: 'sealed' }
  /** The message has an edit of a higher number. */
  | { readonly kind: 'overtaken' }
  | { readonly kind: 'refused'; readonly error: ProtocolError };

/** An edit looks again if another one of the same publish was faster. This many times is trouble; then it takes another number. */
const MAX_LOOKS = 8;

/** The message of a number, or the message that the edit of this number replaces. */
export async function originalOf(
  { ports: { channelLog }, channel }: ChannelLog,
  seq: number,
): Promise<Original | undefined> {
  const publish = (await channelLog.publishOf(channel, seq))?.filter(isMessage) ?? [];
  const message = publish.find((one) => one.seq === seq);
  if (!message || !isEdit(message)) return message && { message, publish };
  const original = (await channelLog.publishOf(channel, message.replaces))?.filter(isMessage) ?? [];
  const replaced = original.find((one) => one.seq === message.replaces);
  return replaced && { message: replaced, publish: original };
}

/** @param found the message, as the writer has found it before. */
export async function writeEdit(
  log: ChannelLog,
  edit: EditRecord,
  found: Original | undefined,
): Promise<EditOutcome> {
  const { ports, channel, retention } = log;
  let original = found;
  for (let look = 0; look < MAX_LOOKS; look++) {
    // An earlier request of this writer, of which only the answer was lost.
    if (original?.message.edited === edit.seq) return { kind: 'written' };
    const error = flawOf(log, original, edit);
    if (!original || error) return { kind: 'refused', error: error ?? missing(channel) };
    if ((original.message.edited ?? 0) > edit.seq) return { kind: 'overtaken' };
    const rewriting = { edit, before: original.publish, after: edited(original, edit) };
    const outcome = await ports.channelLog.edit(channel, rewriting, retention);
    if (outcome !== 'changed') return { kind: outcome };
    original = await originalOf(log, edit.replaces);
  }
  return { kind: 'overtaken' };
}

/** Why a message cannot be edited. An expired message can be deleted as long as it is stored. */
export function flawOf(
  { channel, ports: { now }, retention }: ChannelLog,
  original: Original | undefined,
  edit: EditRecord,
): ProtocolError | undefined {
  if (!original || original.message.removed) return missing(channel);
  const { message } = original;
  if (!edit.removed && !isServed(message, now(), retention)) return missing(channel);
  if (message.name !== undefined)
    return new ProtocolError(
      'bad-request',
      'A message with a name cannot be edited: publish the name again, or remove its value.',
    );
  return tooLarge(channel, edited(original, edit));
}

function missing(channel: string): ProtocolError {
  return new ProtocolError('not-found', `${channel} has no such message, or has it no more.`);
}

/** Readers expect that the messages of one publish fit into one frame. */
function tooLarge(channel: string, publish: readonly MessageRecord[]): ProtocolError | undefined {
  try {
    encode(channel, publish);
    return undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
}

/** The publish with the content of the edit. A deleted message keeps its number, its sender and its time. */
function edited({ message, publish }: Original, { seq, data, removed }: EditRecord): MessageRecord[] {
  const content = removed ? { data: null, removed } : { data };
  return publish.map((one) => (one === message ? { ...one, ...content, edited: seq } : one));
}
