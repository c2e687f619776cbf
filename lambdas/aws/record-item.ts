/**
 * Records of the channel log as DynamoDB items.
 *
 * The messages of one publish are one item, at the first of their numbers. DynamoDB bills a write by the kilobyte of an item, so fifty
 * small messages are one or two write units.
 */

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';
import type { Retention } from '../realtime/access/namespaces.ts';
import { isVoid, type LogRecord, type MessageRecord } from '../realtime/log/log-store.ts';

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
export function recordItem(
  channel: string,
  record: LogRecord,
  writer: string,
  { retentionMs }: Retention,
): Item {
  return {
    ...recordKey(channel, record.seq),
    ...(isVoid(record) ? { void: { BOOL: true } } : messageAttributes(record)),
    time: { N: String(record.time) },
    writer: { S: writer },
    expiresAt: { N: String(Math.ceil((record.time + retentionMs + STORED_LONGER_MS) / 1000)) },
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
  const lines = messages.map(({ data }) => JSON.stringify(data)).join('\n');
  return { ...recordItem(channel, first, writer, retention), data: { S: lines }, ...namesOf(messages) };
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
  const lines = (item['data']?.S ?? 'null').split('\n');
  return lines.map((line, index) => ({
    seq: seq + index,
    data: JSON.parse(line),
    time,
    ...author,
    ...named[index],
  }));
}

export function authorIn(item: Item): Pick<MessageRecord, 'from'> {
  const from = item['from']?.S;
  return from === undefined ? {} : { from };
}

export function messageAttributes({ data, from }: { readonly data: unknown; readonly from?: string }): Item {
  return { data: { S: JSON.stringify(data) }, ...(from !== undefined && { from: { S: from } }) };
}
