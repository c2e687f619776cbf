/** Writes records and retry keys: each only if it does not exist yet, and all or none. */

import { randomUUID } from 'node:crypto';
import { type DynamoDBClient, type Put, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Retention } from '../realtime/access/namespaces.ts';
import {
  type Batch,
  batchOf,
  type Entry,
  type Landing,
  type LogRecord,
  type WriteOutcome,
} from '../realtime/log/log-store.ts';
import { publishKeyOf, type SenderKey } from '../realtime/log/sender.ts';
import { conditionHolds } from './condition.ts';
import { type Item, recordItem } from './record-item.ts';
import { type Refusals, transact } from './transact.ts';

export interface WriteTables {
  readonly messages: string;
  readonly publishKeys: string;
}

/** How long the same key is the same message. Milliseconds. */
const KEY_WINDOW_MS = 10 * 60 * 1000;

/** A request that the SDK repeats, because only its answer was lost, finds its own item and is content. */
const ABSENT_OR_MINE = 'attribute_not_exists(seq) OR writer = :writer';

/** Expired keys may still be there (PX-8). */
const ABSENT_EXPIRED_OR_MINE = `${ABSENT_OR_MINE} OR expiresAt <= :now`;

/** One record without a key costs one write unit per KB. All other writes are transactions, which cost twice as much. */
export async function writeEntries(
  client: DynamoDBClient,
  tables: WriteTables,
  channel: string,
  entries: readonly Entry[],
  retention: Retention,
): Promise<WriteOutcome> {
  const [only, ...more] = entries;
  if (only && more.length === 0 && only.key === undefined) {
    const put = putIfAbsent(tables.messages, channel, only.record, retention);
    return (await conditionHolds(client.send(new PutItemCommand(put))))
      ? { kind: 'written' }
      : { kind: 'taken' };
  }
  const records = entries.map(({ record }) => ({
    Put: putIfAbsent(tables.messages, channel, record, retention),
  }));
  const batch = batchOf(entries);
  const keyed = entries.flatMap(({ record, key }) => (key === undefined ? [] : [{ record, key }]));
  const keys = keyed.map((entry) => ({ Put: putKey(tables.publishKeys, channel, entry, batch) }));
  const refusals = await transact(client, [...records, ...keys]);
  return outcomeOf(refusals, keyed, records.length);
}

/** A put that fails if the number is taken. */
export function putIfAbsent(table: string, channel: string, record: LogRecord, retention: Retention): Put {
  const writer = randomUUID();
  return {
    TableName: table,
    Item: recordItem(channel, record, writer, retention),
    ConditionExpression: ABSENT_OR_MINE,
    ExpressionAttributeValues: { ':writer': { S: writer } },
  };
}

interface KeyedEntry {
  readonly record: LogRecord;
  readonly key: SenderKey;
}

function putKey(table: string, channel: string, { key, record }: KeyedEntry, { from, to }: Batch): Put {
  const { seq, time } = record;
  const writer = { S: randomUUID() };
  const Item: Item = {
    publishKey: { S: publishKeyOf(channel, key) },
    seq: { N: String(seq) },
    batchFrom: { N: String(from) },
    batchTo: { N: String(to) },
    writer,
    expiresAt: { N: String(Math.ceil((time + KEY_WINDOW_MS) / 1000)) },
  };
  return {
    TableName: table,
    Item,
    ConditionExpression: ABSENT_EXPIRED_OR_MINE,
    ExpressionAttributeValues: { ':writer': writer, ':now': { N: String(Math.floor(time / 1000)) } },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

/** Keys come after the records in the transaction. A known key says more than a number that was taken. */
function outcomeOf(refusals: Refusals, keyed: readonly KeyedEntry[], records: number): WriteOutcome {
  if (!refusals) return { kind: 'written' };
  const landed = new Map<string, Landing>();
  for (const [index, { key }] of keyed.entries()) {
    const known = refusals.get(records + index)?.Item;
    if (known?.['seq']) landed.set(key.key, landingFrom(known));
  }
  return landed.size > 0 ? { kind: 'duplicate', landed } : { kind: 'taken' };
}

function landingFrom({ seq, batchFrom, batchTo }: Item): Landing {
  return { seq: Number(seq?.N), batch: { from: Number(batchFrom?.N), to: Number(batchTo?.N) } };
}
