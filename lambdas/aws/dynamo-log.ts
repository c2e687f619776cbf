/** The channel log in DynamoDB: heads, records and retry keys in a table each. */

import {
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { withContents } from '../realtime/log/contents.ts';
import { type Batch, type Head, type LogStore, PAUSE_MS } from '../realtime/log/log-store.ts';
import { conditionHolds, unlessConditionFails } from './condition.ts';
import { shardCountFrom } from './dynamo-shards.ts';
import { writeRewriting } from './log-edits.ts';
import { readPublish, readRecords } from './log-reads.ts';
import {
  findPointers,
  markSent,
  pointKey,
  sealIfAbsent,
  type WriteTables,
  writeBatch,
} from './log-writes.ts';
import { type Item, recordKey, recordsFrom } from './record-item.ts';
import { retry } from './retry.ts';

export interface LogTables extends WriteTables {
  readonly channels: string;
}

/** A head that is lost and made again starts from a later time, and so above every number it ever gave out. */
const RAISED = 'SET seq = if_not_exists(seq, :now) + :count, createdAt = if_not_exists(createdAt, :now)';

const WHILE_BUSY = {
  UpdateExpression: `${RAISED}, raisedAt = :now`,
  ConditionExpression: 'raisedAt > :pause',
};

/** One write unit more. All names stand for the values before the update. */
const AFTER_A_PAUSE = {
  UpdateExpression: `${RAISED}, raisedAt = :now, settled = if_not_exists(seq, :now)`,
  ConditionExpression: 'attribute_not_exists(raisedAt) OR raisedAt <= :pause',
};

export function dynamoLog(client: DynamoDBClient, tables: LogTables): LogStore {
  const headKey = (channel: string) => ({ TableName: tables.channels, Key: { channel: { S: channel } } });

  return {
    async raise(channel, count, now, notesPauses = false) {
      const values = { ':now': { N: String(now) }, ':count': { N: String(count) } };
      const raised = async (
        more: Pick<UpdateItemCommandInput, 'UpdateExpression' | 'ConditionExpression'>,
      ) => {
        const command = new UpdateItemCommand({
          ...headKey(channel),
          UpdateExpression: RAISED,
          ExpressionAttributeValues: {
            ...values,
            ...(more.ConditionExpression && { ':pause': { N: String(now - PAUSE_MS) } }),
          },
          ReturnValues: 'ALL_NEW',
          ...more,
        });
        return unlessConditionFails(client.send(command));
      };
      const output = notesPauses
        ? await retry(async () => (await raised(WHILE_BUSY)) ?? raised(AFTER_A_PAUSE))
        : await raised({});
      if (!output) throw new Error('Other writers raised the head again and again');
      return headFrom(output.Attributes);
    },

    async head(channel) {
      const { Item } = await client.send(new GetItemCommand({ ...headKey(channel), ConsistentRead: true }));
      // A channel without a message may have shards and no number.
      return Item?.['seq'] && headFrom(Item);
    },

    point: (channel, pointing) => pointKey(client, tables, channel, pointing),

    write: (channel, messages, retention) => writeBatch(client, tables, channel, messages, retention),

    pointers: (channel, keys, now) => findPointers(client, tables, channel, keys, now),

    markSent: (channel, key) => markSent(client, tables, channel, key),

    async leave(channel, { from, to }) {
      const command = new UpdateItemCommand({
        ...headKey(channel),
        UpdateExpression: 'SET leftFrom = :from, leftTo = :to',
        ConditionExpression: 'seq = :to',
        ExpressionAttributeValues: { ':from': { N: String(from) }, ':to': { N: String(to) } },
      });
      return conditionHolds(client.send(command));
    },

    async seal(channel, sealed, retention) {
      if (await sealIfAbsent(client, tables, channel, sealed, retention)) return [sealed];
      const Key = recordKey(channel, sealed.seq);
      const { Item } = await client.send(
        new GetItemCommand({ TableName: tables.messages, Key, ConsistentRead: true }),
      );
      const [stored = []] = await withContents([recordsFrom(Item)], (seq) =>
        readPublish(client, tables.messages, channel, seq),
      );
      return stored;
    },

    publishOf: (channel, seq) => readPublish(client, tables.messages, channel, seq),

    edit: (channel, rewriting, retention) =>
      writeRewriting(client, tables.messages, channel, rewriting, retention),

    read: (channel, range) => readRecords(client, tables.messages, channel, range),
  };
}

/** @param item of a channel that has numbers. */
export function headFrom(item: Item = {}): Head {
  return {
    seq: Number(item['seq']?.N),
    createdAt: Number(item['createdAt']?.N),
    shardCount: shardCountFrom(item),
    ...leftIn(item),
    ...pausesIn(item),
  };
}

function pausesIn({ raisedAt, settled }: Item): Pick<Head, 'raisedAt' | 'settled'> {
  return {
    ...(raisedAt && { raisedAt: Number(raisedAt.N) }),
    ...(settled && { settled: Number(settled.N) }),
  };
}

function leftIn({ leftFrom, leftTo }: Item): { readonly left?: Batch } {
  return leftTo === undefined ? {} : { left: { from: Number(leftFrom?.N), to: Number(leftTo.N) } };
}
