/** The channel log in DynamoDB: heads, records and retry keys in a table each. */

import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Batch, Head, LogStore } from '../realtime/log/log-store.ts';
import { conditionHolds } from './condition.ts';
import { shardCountFrom } from './dynamo-shards.ts';
import { readRecords } from './log-reads.ts';
import {
  findPointers,
  markSent,
  pointKey,
  sealIfAbsent,
  type WriteTables,
  writeBatch,
} from './log-writes.ts';
import { type Item, recordKey, recordsFrom } from './record-item.ts';

export interface LogTables extends WriteTables {
  readonly channels: string;
}

/** A head that is lost and made again starts from a later time, and so above every number it ever gave out. */
const RAISED = 'SET seq = if_not_exists(seq, :now) + :count, createdAt = if_not_exists(createdAt, :now)';

export function dynamoLog(client: DynamoDBClient, tables: LogTables): LogStore {
  const headKey = (channel: string) => ({ TableName: tables.channels, Key: { channel: { S: channel } } });

  return {
    async raise(channel, count, now) {
      const command = new UpdateItemCommand({
        ...headKey(channel),
        UpdateExpression: RAISED,
        ExpressionAttributeValues: { ':now': { N: String(now) }, ':count': { N: String(count) } },
        ReturnValues: 'ALL_NEW',
      });
      const { Attributes } = await client.send(command);
      return headFrom(Attributes);
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
      return recordsFrom(Item);
    },

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
  };
}

function leftIn({ leftFrom, leftTo }: Item): { readonly left?: Batch } {
  return leftTo === undefined ? {} : { left: { from: Number(leftFrom?.N), to: Number(leftTo.N) } };
}
