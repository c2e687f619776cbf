/**
 * Records of the channel log as DynamoDB items.
 *
 * The messages of one publish are one item, at the first of their numbers. DynamoDB bills a write by the kilobyte of an item, so fifty
 * small messages are one or two write units.
 */

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';
import type { Retention } from '../realtime/access/namespaces.ts';
import { type EditRecord, isVoid, type LogRecord, type MessageRecord } from '../realtime/log/log-store.ts';

export type Item = Record<string, AttributeValue>;

/**
 * Records stay in the table for longer than they are served, so that next to a record that is still served a missing
 * number can only be a hole, even if its writer took its time. Milliseconds.
 */
const STORED_LONGER_MS = 60 * 60 * 1000;

export function recordKey(channel: string, seq: number): Item {
  return { channel: { S: channel }, seq: { N: String(seq) } };
}

/** `writer` distinguishes a repeated request of one writer from the request of another writer. */
export function recordItem(channel: string, record: LogRecord, writer: string, retention: Retention): Item {
  return {
    ...recordKey(channel, record.seq),
    ...(isVoid(record) ? { void: { BOOL: true } } : messageAttributes(record)),
    time: { N: String(record.time) },
    writer: { S: writer },
    expiresAt: storedUntil(record.time, retention),
  };
}

/**
 * The messages of one publish, which have one sender and one time. Their data is JSON texts, each on a line of its own: JSON has no line
 * breaks outside of strings, and escapes them inside. So an item of one message is what it always was, and a function of an older
 * version, which takes the lines for one text, fails and passes over no message.
 *
 * @param messages at least one.
 */
export function batchItem(
  channel: string,
  messages: readonly MessageRecord[],
  writer: string,
  retention: Retention,
): Item {
  const [first] = messages;
  if (!first) throw new Error('A batch has no message');
  return { ...recordItem(channel, first, writer, retention), ...contentOf(messages), ...namesOf(messages) };
}

/** The attributes of a publish that an edit of one of its messages changes. */
export function contentOf(messages: readonly MessageRecord[]): Item {
  return { data: { S: messages.map(({ data }) => JSON.stringify(data)).join('\n') }, ...editsOf(messages) };
}

/** The numbers of the newest edits of a publish as JSON, each with whether it is a deletion; 0 for a message without one. */
const edits = v.pipe(
  v.string(),
  v.parseJson(),
  v.array(v.union([v.number(), v.object({ removed: v.number() })])),
);

/** Absent if no message was edited. */
export function editsOf(messages: readonly MessageRecord[]): Item {
  if (messages.every(({ edited }) => edited === undefined)) return {};
  const all = messages.map(({ edited = 0, removed }) => (edited && removed ? { removed: edited } : edited));
  return { edits: { S: JSON.stringify(all) } };
}

function editsIn(item: Item): readonly Pick<MessageRecord, 'edited' | 'removed'>[] {
  const stored = item['edits']?.S;
  if (stored === undefined) return [];
  return v.parse(edits, stored).map((one) => {
    if (one === 0) return {};
    return typeof one === 'number' ? { edited: one } : { edited: one.removed, removed: true };
  });
}

/** An edit has no content: `contents.ts` reads it from the message that it replaces. */
export function editItem(channel: string, edit: EditRecord, writer: string, retention: Retention): Item {
  const { data: _content, ...item } = recordItem(channel, edit, writer, retention);
  return {
    ...item,
    replaces: { N: String(edit.replaces) },
    ...(edit.removed && { removed: { BOOL: true } }),
  };
}

function replacedIn({ replaces, removed }: Item): Pick<MessageRecord, 'replaces' | 'removed'> {
  if (!replaces) return {};
  return { replaces: Number(replaces.N), ...(removed?.BOOL && { removed: true }) };
}

/** When a record that is published at this time is deleted. Seconds, because the table's TTL takes seconds. */
export function storedUntil(time: number, { retentionMs }: Retention): Item[string] {
  return { N: String(Math.ceil((time + retentionMs + STORED_LONGER_MS) / 1000)) };
}

/** The names of a batch as JSON, each with whether its value is removed; 0 for a message without a name. Absent if none has one. */
const names = v.pipe(
  v.string(),
  v.parseJson(),
  v.array(v.union([v.literal(0), v.string(), v.object({ removed: v.string() })])),
);

function namesOf(messages: readonly MessageRecord[]): Item {
  if (messages.every(({ name }) => name === undefined)) return {};
  const all = messages.map(({ name = 0, removed }) => (removed ? { removed: name } : name));
  return { names: { S: JSON.stringify(all) } };
}

function namesIn(item: Item): readonly Pick<MessageRecord, 'name' | 'removed'>[] {
  const stored = item['names']?.S;
  if (stored === undefined) return [];
  return v.parse(names, stored).map((one) => {
    if (one === 0) return {};
    return typeof one === 'string' ? { name: one } : { name: one.removed, removed: true };
  });
}

/** The records of an item, in the order of their numbers: one, or the messages of a batch. */
export function recordsFrom(item: Item = {}): LogRecord[] {
  const seq = Number(item['seq']?.N);
  const time = Number(item['time']?.N);
  if (item['void']?.BOOL) return [{ seq, void: true, time }];
  const author = authorIn(item);
  const named = namesIn(item);
  const editedIn = editsIn(item);
  const lines = (item['data']?.S ?? 'null').split('\n');
  return lines.map((line, index) => ({
    seq: seq + index,
    data: JSON.parse(line),
    time,
    ...author,
    ...named[index],
    ...editedIn[index],
    ...replacedIn(item),
  }));
}

export function authorIn(item: Item): Pick<MessageRecord, 'from'> {
  const from = item['from']?.S;
  return from === undefined ? {} : { from };
}

export function messageAttributes({ data, from }: { readonly data: unknown; readonly from?: string }): Item {
  return { data: { S: JSON.stringify(data) }, ...(from !== undefined && { from: { S: from } }) };
}
