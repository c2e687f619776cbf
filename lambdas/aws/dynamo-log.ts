/** The channel log in DynamoDB: heads, records and retry keys in a table each. */

import {
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Head, LogStore } from '../realtime/log/log-store.ts';
import { conditionHolds } from './condition.ts';
import { shardCountFrom } from './dynamo-shards.ts';
import { putIfAbsent, type WriteTables, writeEntries } from './log-writes.ts';
import { type Item, recordFrom, recordKey } from './record-item.ts';

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

    async write(channel, entries, retention) {
      return writeEntries(client, tables, channel, entries, retention);
    },

    async seal(channel, sealed, retention) {
      const put = putIfAbsent(tables.messages, channel, sealed, retention);
      if (await conditionHolds(client.send(new PutItemCommand(put)))) return sealed;
      const Key = recordKey(channel, sealed.seq);
      const { Item } = await client.send(
        new GetItemCommand({ TableName: tables.messages, Key, ConsistentRead: true }),
      );
      return recordFrom(Item);
    },

    async *read(channel, { from, to, newestFirst = false }) {
      if (from > to) return;
      const query = {
        ...rangeOf(channel, from, to),
        TableName: tables.messages,
        ScanIndexForward: !newestFirst,
      };
      for await (const { Items = [] } of paginateQuery({ client }, query)) yield* Items.map(recordFrom);
    },
  };
}

function rangeOf(channel: string, from: number, to: number) {
  return {
    KeyConditionExpression: 'channel = :channel AND seq BETWEEN :from AND :to',
    ExpressionAttributeValues: {
      ':channel': { S: channel },
      ':from': { N: String(from) },
      ':to': { N: String(to) },
    },
    ConsistentRead: true,
  };
}

function headFrom(item: Item = {}): Head {
  return {
    seq: Number(item['seq']?.N),
    createdAt: Number(item['createdAt']?.N),
    shardCount: shardCountFrom(item),
  };
}
