/** The number of a channel's shards in DynamoDB: an attribute of its head; a head without it has one shard. */

import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { ShardStore } from '../realtime/connections/shard-store.ts';
import { conditionHolds } from './condition.ts';
import type { Item } from './record-item.ts';

/** A count may be this old when a shard is chosen by it: a storm of newcomers fills a shard in seconds. Milliseconds. */
export const RECENT_MS = 5_000;

/** Channels whose counts are remembered; beyond that all are asked for again. */
const REMEMBERED = 10_000;

export function dynamoShards(client: DynamoDBClient, table: string, now: () => number): ShardStore {
  const remembered = new Map<string, { readonly count: number; readonly until: number }>();
  const keyed = (channel: string) => ({ TableName: table, Key: { channel: { S: channel } } });

  async function read(channel: string, ConsistentRead: boolean): Promise<number> {
    const { Item } = await client.send(
      new GetItemCommand({ ...keyed(channel), ProjectionExpression: 'shardCount', ConsistentRead }),
    );
    return shardCountFrom(Item);
  }

  return {
    count: (channel) => read(channel, true),

    async recentCount(channel) {
      const known = remembered.get(channel);
      if (known && now() < known.until) return known.count;
      if (remembered.size >= REMEMBERED) remembered.clear();
      const counted = await read(channel, false);
      remembered.set(channel, { count: counted, until: now() + RECENT_MS });
      return counted;
    },

    async grow(channel, from, to) {
      remembered.delete(channel);
      const isUnchanged =
        from === 1 ? '(attribute_not_exists(shardCount) OR shardCount = :from)' : 'shardCount = :from';
      await conditionHolds(
        client.send(
          new UpdateItemCommand({
            ...keyed(channel),
            UpdateExpression: 'SET shardCount = :to',
            ConditionExpression: isUnchanged,
            ExpressionAttributeValues: { ':from': { N: String(from) }, ':to': { N: String(to) } },
          }),
        ),
      );
    },
  };
}

export function shardCountFrom(item: Item = {}): number {
  return Number(item['shardCount']?.N ?? 1);
}
