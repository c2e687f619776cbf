/** A record of the channel log as a DynamoDB item. */

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Retention } from '../realtime/access/namespaces.ts';
import { isVoid, type LogRecord } from '../realtime/log/log-store.ts';

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

export function recordFrom(item: Item = {}): LogRecord {
  const seq = Number(item['seq']?.N);
  const time = Number(item['time']?.N);
  if (item['void']?.BOOL) return { seq, void: true, time };
  const from = item['from']?.S;
  return { seq, data: JSON.parse(item['data']?.S ?? 'null'), time, ...(from !== undefined && { from }) };
}

function messageAttributes({ data, from }: { readonly data: unknown; readonly from?: string }): Item {
  return { data: { S: JSON.stringify(data) }, ...(from !== undefined && { from: { S: from } }) };
}
