/** Writes messages, seals and the rows of retry keys: each with a condition of its own, and without a transaction. */

import { randomUUID } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactionConflictException,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { Retention } from '../realtime/access/namespaces.ts';
import { visitInFlight } from '../realtime/in-flight.ts';
import type { MessageRecord, Pointer, Pointing, SealedRecord } from '../realtime/log/log-store.ts';
import { publishKeyOf, type SenderKey } from '../realtime/log/sender.ts';
import { conditionHolds } from './condition.ts';
import { batchItem, type Item, recordItem } from './record-item.ts';
import { retry } from './retry.ts';

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

/** One write unit per KB of all messages together. */
export async function writeBatch(
  client: DynamoDBClient,
  { messages: table }: Pick<WriteTables, 'messages'>,
  channel: string,
  messages: readonly MessageRecord[],
  retention: Retention,
): Promise<boolean> {
  return putIfAbsent(client, batchPut(table, channel, messages, retention));
}

/** Answers whether the number was free. */
export async function sealIfAbsent(
  client: DynamoDBClient,
  { messages: table }: Pick<WriteTables, 'messages'>,
  channel: string,
  sealed: SealedRecord,
  retention: Retention,
): Promise<boolean> {
  return putIfAbsent(
    client,
    ifAbsent(table, (writer) => recordItem(channel, sealed, writer, retention)),
  );
}

/** The item of a publish, as a request of its own or as a part of a transaction. */
export function batchPut(
  table: string,
  channel: string,
  messages: readonly MessageRecord[],
  retention: Retention,
): AbsentPut {
  return ifAbsent(table, (writer) => batchItem(channel, messages, writer, retention));
}

export interface AbsentPut {
  TableName: string;
  Item: Item;
  ConditionExpression: string;
  ExpressionAttributeValues: Item;
}

export function ifAbsent(table: string, itemOf: (writer: string) => Item): AbsentPut {
  const writer = randomUUID();
  return {
    TableName: table,
    Item: itemOf(writer),
    ConditionExpression: ABSENT_OR_MINE,
    ExpressionAttributeValues: { ':writer': { S: writer } },
  };
}

/** A transaction on the item refuses the put for the moment: a reader seals a number whose writer is just writing. */
async function putIfAbsent(client: DynamoDBClient, put: AbsentPut): Promise<boolean> {
  const isAbsent = await retry(async () => {
    try {
      return await conditionHolds(client.send(new PutItemCommand(put)));
    } catch (error) {
      if (error instanceof TransactionConflictException) return undefined;
      throw error;
    }
  });
  if (isAbsent === undefined) throw new Error('Transactions on the item did not end');
  return isAbsent;
}

/** One write unit. */
export async function pointKey(
  client: DynamoDBClient,
  { publishKeys }: Pick<WriteTables, 'publishKeys'>,
  channel: string,
  pointing: Pointing,
): Promise<Pointer | undefined> {
  try {
    await client.send(new UpdateItemCommand(pointingUpdate(publishKeys, channel, pointing)));
    return undefined;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException && error.Item) return pointerFrom(error.Item);
    throw error;
  }
}

/** Writes the whole row. An old row may be marked as sent, which is not true of the new number. */
const POINTED =
  'SET seq = :seq, batchFrom = :from, batchTo = :to, writer = :writer, expiresAt = :end REMOVE sent';

function pointingUpdate(
  table: string,
  channel: string,
  { key, seq, batch, time, voidBatches }: Pointing,
): UpdateItemCommandInput {
  const voids = voidBatches.map((from, index) => [`:void${index}`, { N: String(from) }] as const);
  const names = voids.map(([name]) => name).join(', ');
  return {
    TableName: table,
    Key: { publishKey: { S: publishKeyOf(channel, key) } },
    UpdateExpression: POINTED,
    ConditionExpression:
      voids.length > 0 ? `${ABSENT_EXPIRED_OR_MINE} OR batchFrom IN (${names})` : ABSENT_EXPIRED_OR_MINE,
    ExpressionAttributeValues: {
      ':seq': { N: String(seq) },
      ':from': { N: String(batch.from) },
      ':to': { N: String(batch.to) },
      ':writer': { S: randomUUID() },
      ':end': { N: String(Math.ceil((time + KEY_WINDOW_MS) / 1000)) },
      ':now': { N: String(Math.floor(time / 1000)) },
      ...Object.fromEntries(voids),
    },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

/** Seconds, because the table's TTL takes seconds. */
function isExpired(item: Item, now: number): boolean {
  return Number(item['expiresAt']?.N) <= Math.floor(now / 1000);
}

/** Where the rows of the keys point, within the window. Each key is one read. */
export async function findPointers(
  client: DynamoDBClient,
  { publishKeys }: Pick<WriteTables, 'publishKeys'>,
  channel: string,
  keys: readonly SenderKey[],
  now: number,
): Promise<Map<string, Pointer>> {
  const pointers = new Map<string, Pointer>();
  await visitInFlight(keys, READS_IN_FLIGHT, async (key) => {
    const command = new GetItemCommand({
      TableName: publishKeys,
      Key: { publishKey: { S: publishKeyOf(channel, key) } },
      ConsistentRead: true,
    });
    const { Item: item } = await client.send(command);
    if (item && !isExpired(item, now)) pointers.set(key.key, pointerFrom(item));
  });
  return pointers;
}

const READS_IN_FLIGHT = 8;

function pointerFrom({ seq, batchFrom, batchTo, sent }: Item): Pointer {
  const batch = { from: Number(batchFrom?.N), to: Number(batchTo?.N) };
  return { seq: Number(seq?.N), batch, ...(sent?.BOOL && { isSent: true }) };
}

/** One write unit. Without the condition, the update would make a row anew after TTL has deleted it, and nothing would delete that one. */
export async function markSent(
  client: DynamoDBClient,
  { publishKeys }: Pick<WriteTables, 'publishKeys'>,
  channel: string,
  key: SenderKey,
): Promise<void> {
  const command = new UpdateItemCommand({
    TableName: publishKeys,
    Key: { publishKey: { S: publishKeyOf(channel, key) } },
    UpdateExpression: 'SET sent = :sent',
    ConditionExpression: 'attribute_exists(publishKey)',
    ExpressionAttributeValues: { ':sent': { BOOL: true } },
  });
  await conditionHolds(client.send(command));
}
