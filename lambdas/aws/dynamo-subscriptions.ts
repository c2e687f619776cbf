/** Subscriptions in DynamoDB, keyed by channel and shard so that one query finds a channel's subscribers. */

import {
  type AttributeValue,
  type DynamoDBClient,
  PutItemCommand,
  paginateQuery,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { Subscription, SubscriptionStore } from '../realtime/ports.ts';
import { batchWrite } from './batch-write.ts';

type Item = Record<string, AttributeValue>;

export function dynamoSubscriptions(client: DynamoDBClient, table: string): SubscriptionStore {
  return {
    async put(subscription) {
      await client.send(new PutItemCommand({ TableName: table, Item: subscriptionItem(subscription) }));
    },

    async remove(connectionId, channels) {
      await batchWrite(
        client,
        channels.map((channel) => [
          table,
          { DeleteRequest: { Key: subscriptionKey(channel, connectionId) } },
        ]),
      );
    },

    async *of(channel, now) {
      for await (const { Items = [] } of paginateQuery({ client }, liveSubscribers(table, channel, now))) {
        for (const item of Items) yield subscriptionFrom(channel, item);
      }
    },
  };
}

/** The row of one subscription; also written with the connection itself, for the channels it is born into. */
export function subscriptionItem(subscription: Subscription): Item {
  const { channel, connectionId, user, expiresAt, handshakeUntil } = subscription;
  return {
    ...subscriptionKey(channel, connectionId),
    ...(user !== undefined && { user: { S: user } }),
    expiresAt: { N: String(expiresAt) },
    ...(handshakeUntil !== undefined && { handshakeUntil: { N: String(handshakeUntil) } }),
  };
}

function subscriptionKey(channel: string, connectionId: string): Item {
  return { channelShard: { S: shardOf(channel) }, connectionId: { S: connectionId } };
}

/** Every channel has one shard so far; the number is in the key so that wide channels can get more. */
function shardOf(channel: string): string {
  return `${channel}#0`;
}

/** Expired rows stay readable until TTL gets to them (PX-8), so the query leaves them out itself. */
function liveSubscribers(table: string, channel: string, now: number): QueryCommandInput {
  return {
    TableName: table,
    KeyConditionExpression: 'channelShard = :shard',
    FilterExpression: 'expiresAt > :now',
    ExpressionAttributeValues: {
      ':shard': { S: shardOf(channel) },
      ':now': { N: String(Math.floor(now / 1000)) },
    },
    ConsistentRead: true,
  };
}

function subscriptionFrom(channel: string, item: Item): Subscription {
  const user = item['user']?.S;
  const handshakeUntil = item['handshakeUntil']?.N;
  return {
    channel,
    connectionId: item['connectionId']?.S ?? '',
    ...(user !== undefined && { user }),
    expiresAt: Number(item['expiresAt']?.N),
    ...(handshakeUntil !== undefined && { handshakeUntil: Number(handshakeUntil) }),
  };
}
