/** Subscriptions in DynamoDB, keyed by channel and shard so that a query finds a page of a channel's subscribers. */

import { type DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import type {
  Attendance,
  Placement,
  Subscription,
  SubscriptionStore,
} from '../realtime/connections/subscription-store.ts';
import { batchWrite } from './batch-write.ts';
import { follow, followed, namingFilter, unfollow } from './dynamo-group-rows.ts';
import type { Item } from './record-item.ts';
import { channelShard, subscriptionFrom, subscriptionItem, subscriptionKey } from './subscription-item.ts';

/** @param pageSize rows that one query looks at. */
export function dynamoSubscriptions(
  client: DynamoDBClient,
  table: string,
  pageSize: number,
): SubscriptionStore {
  const read = async (connectionId: string, placement: Placement): Promise<Item | undefined> => {
    const { Item } = await client.send(
      new GetItemCommand({
        TableName: table,
        Key: subscriptionKey(placement, connectionId),
        ConsistentRead: true,
      }),
    );
    return Item;
  };

  return {
    async put(subscription) {
      await client.send(new PutItemCommand({ TableName: table, Item: subscriptionItem(subscription) }));
    },

    async putAll(subscriptions) {
      await batchWrite(
        client,
        subscriptions.map((one) => [table, { PutRequest: { Item: subscriptionItem(one) } }]),
      );
    },

    async remove(connectionId, placements) {
      await batchWrite(
        client,
        placements.map((placement) => [
          table,
          { DeleteRequest: { Key: subscriptionKey(placement, connectionId) } },
        ]),
      );
    },

    async page(placement, after, most = pageSize, naming = undefined) {
      const { values = {}, ...filter } = naming === undefined ? {} : namingFilter(naming);
      const {
        Items = [],
        ScannedCount,
        LastEvaluatedKey,
      } = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'channelShard = :shard',
          ExpressionAttributeValues: { ':shard': { S: channelShard(placement) }, ...values },
          ...filter,
          ConsistentRead: true,
          Limit: Math.min(most, pageSize),
          ...(after !== undefined && { ExclusiveStartKey: subscriptionKey(placement, after) }),
        }),
      );
      const next = LastEvaluatedKey?.['connectionId']?.S;
      return {
        subscriptions: Items.map((item) => subscriptionFrom(placement, item)),
        ...(naming !== undefined && ScannedCount !== undefined && { looked: ScannedCount }),
        ...(next !== undefined && { next }),
      };
    },

    async attendance(connectionId, placement) {
      const item = await read(connectionId, placement);
      return item?.['isMember']?.BOOL ? attendanceFrom(item) : undefined;
    },

    async infoOf(connectionId, placement) {
      const item = await read(connectionId, placement);
      return item && infoFrom(item);
    },

    count: (placement, shardCount, limit) => countPlaced(client, table, { placement, shardCount, limit }),

    follow: (row, channels, limit) => follow(client, table, row, channels, limit),

    unfollow: (connectionId, placement, channels) =>
      unfollow(client, table, connectionId, placement, channels),

    followed: (connectionId, placement) => followed(client, table, connectionId, placement),
  };
}

function attendanceFrom(item: Item): Attendance {
  return { expiresAt: Number(item['expiresAt']?.N), ...infoFrom(item) };
}

function infoFrom(item: Item): Pick<Subscription, 'info'> {
  const info = item['info']?.S;
  return info === undefined ? {} : { info: JSON.parse(info) };
}

interface Counted {
  readonly placement: Placement;
  readonly shardCount: number;
  readonly limit: number;
}

async function countPlaced(
  client: DynamoDBClient,
  table: string,
  { placement, shardCount, limit }: Counted,
): Promise<number> {
  let count = 0;
  let start: Item | undefined;
  do {
    const { Count = 0, LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'channelShard = :shard',
        FilterExpression: 'shardCount = :shardCount',
        ExpressionAttributeValues: {
          ':shard': { S: channelShard(placement) },
          ':shardCount': { N: String(shardCount) },
        },
        Select: 'COUNT',
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    count += Count;
    start = LastEvaluatedKey;
  } while (start && count < limit);
  return count;
}
