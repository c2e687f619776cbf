/** The values of channels in DynamoDB: a row for each name, which changes together with the log. */

import {
  type CancellationReason,
  type DynamoDBClient,
  QueryCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import {
  type Kept,
  type Outcome,
  refusalOf,
  type Setting,
  type ValueRecord,
  type ValueStore,
} from '../realtime/log/value-store.ts';
import { batchPut } from './log-writes.ts';
import { authorIn, type Item, messageAttributes } from './record-item.ts';
import { retry } from './retry.ts';

export interface ValueTables {
  readonly values: string;
  readonly messages: string;
}

/**
 * A removal stays in the table for this long, so that no older message of its name can come after it, and a client may name it in `ifSeq`.
 * Milliseconds.
 */
const REMOVAL_KEPT_MS = 60 * 60 * 1000;

const WRITTEN: Outcome = { kind: 'written' };
const SEALED: Outcome = { kind: 'sealed' };
const OVERTAKEN: Outcome = { kind: 'overtaken' };

export function dynamoValues(client: DynamoDBClient, tables: ValueTables): ValueStore {
  return {
    /** Two write units per KB of all messages together, and two per KB of each value. */
    async write(channel, messages, settings, kept) {
      const command = new TransactWriteItemsCommand({
        TransactItems: [
          { Put: batchPut(tables.messages, channel, messages, kept) },
          ...settings.map((setting) => valueWrite(tables.values, channel, setting, kept)),
        ],
      });
      const outcome = await retry(() => attempt(client, command, settings, kept));
      // Other transactions of these names came in between again and again. The writer takes another number, which takes it a while.
      return outcome ?? OVERTAKEN;
    },

    async page(channel, after, most) {
      const command = new QueryCommand({
        TableName: tables.values,
        KeyConditionExpression: after === '' ? 'channel = :channel' : 'channel = :channel AND #name > :after',
        ...(after !== '' && { ExpressionAttributeNames: { '#name': 'name' } }),
        ExpressionAttributeValues: {
          ':channel': { S: channel },
          ...(after !== '' && { ':after': { S: after } }),
        },
        ConsistentRead: true,
        Limit: most,
      });
      const { Items = [], LastEvaluatedKey } = await client.send(command);
      const next = LastEvaluatedKey?.['name']?.S;
      return { values: Items.map(valueFrom), ...(next !== undefined && { next }) };
    },
  };
}

/** @returns `undefined` if another transaction had one of the items: then the same may succeed a moment later. */
async function attempt(
  client: DynamoDBClient,
  command: TransactWriteItemsCommand,
  settings: readonly Setting[],
  kept: Kept,
): Promise<Outcome | undefined> {
  try {
    await client.send(command);
    return WRITTEN;
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    const [ofMessage, ...ofValues] = error.CancellationReasons ?? [];
    const refusals = settings.flatMap((setting, index) => whyNot(setting, ofValues[index], kept) ?? []);
    const conflict = refusals.find(({ kind }) => kind === 'conflict');
    if (conflict) return conflict;
    if (isFailedCondition(ofMessage)) return SEALED;
    if (refusals.length > 0) return OVERTAKEN;
    if ([ofMessage, ...ofValues].some((reason) => PASSING.has(reason?.Code ?? ''))) return undefined;
    throw error;
  }
}

/** Reasons that pass: another transaction is under way, or the partition takes no more at this moment. */
const PASSING: ReadonlySet<string> = new Set([
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

function isFailedCondition(reason: CancellationReason | undefined): boolean {
  return reason?.Code === 'ConditionalCheckFailed';
}

/** The condition of the row and `refusalOf` say the same. The row is what the condition has seen. */
function whyNot(setting: Setting, reason: CancellationReason | undefined, kept: Kept): Outcome | undefined {
  if (!isFailedCondition(reason)) return undefined;
  return refusalOf(reason?.Item && valueFrom(reason.Item), setting, kept) ?? OVERTAKEN;
}

/** A number belongs to one writer, so a row of this number was written by an earlier try of this request. */
const MINE = 'seq = :seq';
const ABSENT = 'attribute_not_exists(seq)';
const IS_OLDER = 'seq < :seq';
const IS_NO_VALUE = '(removed = :true OR #time <= :oldest)';

function conditionOf({ ifSeq }: Setting): string {
  if (ifSeq === undefined) return `${ABSENT} OR ${MINE} OR ${IS_OLDER}`;
  if (ifSeq === 0) return `${ABSENT} OR ${MINE} OR (${IS_OLDER} AND ${IS_NO_VALUE})`;
  return `${MINE} OR (seq = :wanted AND ${IS_OLDER} AND (removed = :true OR #time > :oldest))`;
}

function valueWrite(table: string, channel: string, setting: Setting, kept: Kept): TransactWriteItem {
  const { record, ifSeq } = setting;
  const oldest = { ':true': { BOOL: true }, ':oldest': { N: String(kept.now - kept.keptMs) } };
  return {
    Put: {
      TableName: table,
      Item: valueItem(channel, record, kept),
      ConditionExpression: conditionOf(setting),
      ...(ifSeq !== undefined && { ExpressionAttributeNames: { '#time': 'time' } }),
      ExpressionAttributeValues: {
        ':seq': { N: String(record.seq) },
        ...(ifSeq !== undefined && oldest),
        ...(ifSeq !== undefined && ifSeq > 0 && { ':wanted': { N: String(ifSeq) } }),
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
}

function valueItem(channel: string, record: ValueRecord, { keptMs }: Kept): Item {
  const keptUntil = record.time + (record.removed ? Math.min(REMOVAL_KEPT_MS, keptMs) : keptMs);
  return {
    channel: { S: channel },
    name: { S: record.name },
    seq: { N: String(record.seq) },
    time: { N: String(record.time) },
    ...(record.removed ? { removed: { BOOL: true } } : messageAttributes(record)),
    expiresAt: { N: String(Math.ceil(keptUntil / 1000)) },
  };
}

function valueFrom(item: Item): ValueRecord {
  const { seq, time, name, data, removed } = item;
  return {
    seq: Number(seq?.N),
    data: JSON.parse(data?.S ?? 'null'),
    time: Number(time?.N),
    ...authorIn(item),
    name: name?.S ?? '',
    ...(removed?.BOOL && { removed: true }),
  };
}
