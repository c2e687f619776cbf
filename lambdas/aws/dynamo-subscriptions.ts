/** Subscriptions in DynamoDB, keyed by channel and shard so that a query finds a page of a channel's subscribers. */

import { type DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import type {
  Attendance,
  Placement,
  Subscription,
  SubscriptionStore,
} from '../realtime/connections/subscription-store.ts';
import { batchWrite } from './batch-write.ts';
import type { Item } from './record-item.ts';

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

    async page(placement, after, most = pageSize) {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'channelShard = :shard',
          ExpressionAttributeValues: { ':shard': { S: channelShard(placement) } },
          ConsistentRead: true,
          Limit: Math.min(most, pageSize),
          ...(after !== undefined && { ExclusiveStartKey: subscriptionKey(placement, after) }),
        }),
      );
      const next = LastEvaluatedKey?.['connectionId']?.S;
      return {
        subscriptions: Items.map((item) => subscriptionFrom(placement, item)),
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

/** The row of one subscription; also written with the connection itself, for the channels it is born into. */
export function subscriptionItem(subscription: Subscription): Item {
  const { connectionId, shardCount, user, expiresAt, keptUntil, grantUntil } = subscription;
  const { handshakeUntil, isMember, info, seesMembers, takesDiffs, isDeaf } = subscription;
  return {
    ...subscriptionKey(subscription, connectionId),
    shardCount: { N: String(shardCount) },
    ...(user !== undefined && { user: { S: user } }),
    // The table deletes the row some time after its `expiresAt` (PX-8).
    expiresAt: { N: String(keptUntil ?? expiresAt) },
    ...(keptUntil !== undefined && { endsAt: { N: String(expiresAt) } }),
    ...(grantUntil !== undefined && { grantUntil: { N: String(grantUntil) } }),
    ...(handshakeUntil !== undefined && { handshakeUntil: { N: String(handshakeUntil) } }),
    // A false flag is left out, so that most rows stay small.
    ...(isMember && { isMember: { BOOL: true } }),
    ...(info !== undefined && { info: { S: JSON.stringify(info) } }),
    ...(seesMembers && { seesMembers: { BOOL: true } }),
    ...(takesDiffs && { takesDiffs: { BOOL: true } }),
    ...(isDeaf && { isDeaf: { BOOL: true } }),
  };
}

/** The channel that a row's key is for. No channel name has a `#`. */
export function channelIn(key: Item): string {
  return key['channelShard']?.S?.replace(/#\d+$/, '') ?? '';
}

export function subscriptionKey(placement: Placement, connectionId: string): Item {
  return { channelShard: { S: channelShard(placement) }, connectionId: { S: connectionId } };
}

/** The placement that a row's key names. */
export function placementIn(key: Item): Placement {
  const [shard = '0'] = key['channelShard']?.S?.match(/\d+$/) ?? [];
  return { channel: channelIn(key), shard: Number(shard) };
}

function channelShard({ channel, shard }: Placement): string {
  return `${channel}#${shard}`;
}

function subscriptionFrom({ channel, shard }: Placement, item: Item): Subscription {
  const user = item['user']?.S;
  const handshakeUntil = item['handshakeUntil']?.N;
  const expiresAt = Number(item['expiresAt']?.N);
  const endsAt = item['endsAt']?.N;
  return {
    channel,
    shard,
    shardCount: Number(item['shardCount']?.N),
    connectionId: item['connectionId']?.S ?? '',
    ...(user !== undefined && { user }),
    ...(endsAt === undefined ? { expiresAt } : { expiresAt: Number(endsAt), keptUntil: expiresAt }),
    ...(handshakeUntil !== undefined && { handshakeUntil: Number(handshakeUntil) }),
    ...(item['isMember']?.BOOL && { isMember: true }),
    ...(item['seesMembers']?.BOOL && { seesMembers: true }),
    ...(item['takesDiffs']?.BOOL && { takesDiffs: true }),
    ...(item['isDeaf']?.BOOL && { isDeaf: true }),
  };
}
