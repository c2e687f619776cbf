/** Edits and deletions of messages, for namespaces whose policy has `edit`. */

import type { Edit, Message } from 'fanfare-protocol/message';
import type { Channel } from './lib/channel/channel.ts';
import { request } from './lib/channel/request.ts';
import { newKey } from './lib/platform/random-key.ts';
import { localError } from './lib/wire/errors.ts';
import { ID_BYTES } from './lib/wire/frame-limits.ts';
import { fitting } from './lib/wire/frame-size.ts';
import { jsonOf } from './lib/wire/json.ts';

export interface EditOptions {
  /** Edits with the same key on the same channel within ten minutes land once. 1 to 128 characters. @default a random key */
  readonly key?: string;
}

/**
 * Gives a message new data. A lost connection repeats the command under one key, so the edit lands once.
 *
 * @param seq The number of the message, or that of an edit of it.
 * @param data Any JSON, at most 32 KB together with its frame; with fallbacks, 128 KB.
 * @returns the number of the edit, which is a message itself.
 * @throws FanfareError the server's refusal, such as `forbidden` or `not-found`; `bad-request`, `too-large`, `timeout`, `closed`.
 * @example
 * await editMessage(chat, message.seq, { text: 'hello, all' });
 */
export function editMessage<Data>(
  channel: Channel<Data>,
  seq: number,
  data: Data,
  options: EditOptions = {},
): Promise<number> {
  return change(channel, { seq, data }, options);
}

/**
 * Deletes a message. Its content is gone from the history of every reader; its number stays.
 *
 * @param seq The number of the message, or that of an edit of it.
 * @returns the number of the deletion, which is a message itself.
 * @throws FanfareError as `editMessage`.
 * @example
 * await deleteMessage(chat, message.seq);
 */
export function deleteMessage(
  channel: Channel<unknown>,
  seq: number,
  options: EditOptions = {},
): Promise<number> {
  return change(channel, { seq, remove: true }, options);
}

async function change(
  channel: Channel<unknown>,
  fields: Edit,
  { key = newKey() }: EditOptions,
): Promise<number> {
  const { name, owner } = channel;
  const text = jsonOf({ action: 'edit', channel: name, ...fields, key });
  if (fitting([{ text }], ID_BYTES, owner.settings.moreBytes).length === 0)
    throw localError('too-large', 413);
  return (await request({ name, owner }, 'edit', { ...fields, key })).seq ?? fields.seq;
}

/**
 * The messages as they are now, in order: each with its newest data, without those that were deleted and without the edits.
 *
 * @param messages All that a page has of a channel, from history and live, in any order.
 * @example
 * const all = [];
 * chat.subscribe((message) => {
 *   all.push(message);
 *   draw(messagesNow(all));
 * }, { last: 50 });
 */
export function messagesNow<Data>(messages: Iterable<Message<Data>>): Message<Data>[] {
  const newest = new Map<number, Message<Data>>();
  const originals = new Map<number, Message<Data>>();
  for (const message of messages) {
    const { seq = -1, replaces = seq, edited } = message;
    const version = replaces === seq ? (edited ?? 0) : seq;
    if (version >= versionOf(newest.get(replaces))) newest.set(replaces, message);
    if (replaces === seq) originals.set(seq, message);
  }
  return [...originals]
    .toSorted(([one], [other]) => one - other)
    .flatMap(([seq, original]) => {
      const content = newest.get(seq) ?? original;
      if (content.removed && versionOf(content) > 0) return [];
      return content === original ? [original] : [{ ...original, data: content.data, edited: content.seq }];
    });
}

/** The number of the edit that a message has its data from; 0 for its first data, and -1 without a message. */
function versionOf(message: Message | undefined): number {
  if (!message) return -1;
  return (message.replaces === undefined ? message.edited : message.seq) ?? 0;
}
