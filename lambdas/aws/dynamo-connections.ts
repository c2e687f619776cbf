/** Connections in DynamoDB, each with a map from its channels to the shards that hold its subscriptions. */

import {
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Connection, ConnectionStore, Placement, Subscription } from '../realtime/ports.ts';
import { batchWrite } from './batch-write.ts';
import { conditionHolds, unlessConditionFails } from './condition.ts';
import { subscriptionItem } from './dynamo-subscriptions.ts';
import type { Item } from './record-item.ts';

export interface ConnectionTables {
  readonly connections: string;
  readonly subscriptions: string;
}

export function dynamoConnections(client: DynamoDBClient, tables: ConnectionTables): ConnectionStore {
  const keyed = (connectionId: string) => ({
    TableName: tables.connections,
    Key: { connectionId: { S: connectionId } },
  });

  return {
    async open(connection, subscriptions) {
      await batchWrite(client, [
        [tables.connections, { PutRequest: { Item: connectionItem(connection, subscriptions) } }],
        ...subscriptions.map(
          (subscription) =>
            [tables.subscriptions, { PutRequest: { Item: subscriptionItem(subscription) } }] as const,
        ),
      ]);
    },

    async addChannel(connectionId, { channel, shard }, limit) {
      const isKnown = 'attribute_exists(connectionId)';
      const hasRoom = '(attribute_exists(channels.#channel) OR size(channels) < :limit)';
      const command = new UpdateItemCommand({
        ...keyed(connectionId),
        // The shard of the first time stays: a second row elsewhere would get everything twice.
        UpdateExpression: 'SET channels.#channel = if_not_exists(channels.#channel, :shard)',
        ConditionExpression: `${isKnown} AND ${hasRoom}`,
        ExpressionAttributeNames: { '#channel': channel },
        ExpressionAttributeValues: { ':shard': { N: String(shard) }, ':limit': { N: String(limit) } },
        ReturnValues: 'UPDATED_NEW',
      });
      const updated = await unlessConditionFails(client.send(command));
      if (updated) return { kind: 'added', shard: channelsOf(updated.Attributes).get(channel) ?? shard };
      // Which of the two conditions failed is asked only when one did.
      const { Item } = await client.send(
        new GetItemCommand({ ...keyed(connectionId), ConsistentRead: true }),
      );
      return { kind: Item ? 'full' : 'gone' };
    },

    async shardOf(connectionId, channel) {
      const { Item } = await client.send(
        new GetItemCommand({
          ...keyed(connectionId),
          ProjectionExpression: 'channels.#channel',
          ExpressionAttributeNames: { '#channel': channel },
          ConsistentRead: true,
        }),
      );
      return channelsOf(Item).get(channel);
    },

    async removeChannel(connectionId, channel) {
      const command = new UpdateItemCommand({
        ...keyed(connectionId),
        UpdateExpression: 'REMOVE channels.#channel',
        // Without it, leaving a channel after `$disconnect` would create the connection anew.
        ConditionExpression: 'attribute_exists(connectionId)',
        ExpressionAttributeNames: { '#channel': channel },
      });
      await conditionHolds(client.send(command));
    },

    async charge(connectionId, { costMs, burstMs, now, isBusy }) {
      const charge = (expression: string, condition: string, values: Readonly<Record<string, number>>) =>
        unlessConditionFails(
          client.send(
            new UpdateItemCommand({
              ...keyed(connectionId),
              UpdateExpression: `SET busyUntil = ${expression}`,
              ConditionExpression: condition,
              ExpressionAttributeValues: Object.fromEntries(
                Object.entries(values).map(([name, value]) => [name, { N: String(value) }]),
              ),
              ReturnValues: 'UPDATED_NEW',
            }),
          ),
        );
      const isIdle =
        'attribute_exists(connectionId) AND (attribute_not_exists(busyUntil) OR busyUntil <= :now)';
      const fromNow = () => charge(':then', isIdle, { ':now': now, ':then': now + costMs });
      const further = () =>
        charge('busyUntil + :cost', 'busyUntil BETWEEN :now AND :latest', {
          ':cost': costMs,
          ':now': now,
          ':latest': now + burstMs - costMs,
        });
      // There is no maximum in an update expression, so the two cases are two requests, of which usually the first one holds.
      const [first, second] = isBusy ? [further, fromNow] : [fromNow, further];
      const charged = (await first()) ?? (await second());
      if (charged) return { kind: 'charged', busyUntil: Number(charged.Attributes?.['busyUntil']?.N) };
      const { Item } = await client.send(
        new GetItemCommand({
          ...keyed(connectionId),
          ProjectionExpression: 'connectionId, busyUntil',
          ConsistentRead: true,
        }),
      );
      return Item ? { kind: 'limited', busyUntil: Number(Item['busyUntil']?.N ?? now) } : { kind: 'gone' };
    },

    async remove(connectionId) {
      const { Attributes } = await client.send(
        new DeleteItemCommand({ ...keyed(connectionId), ReturnValues: 'ALL_OLD' }),
      );
      return placementsOf(Attributes);
    },
  };
}

function connectionItem(
  { connectionId, user, expiresAt }: Connection,
  subscriptions: readonly Subscription[],
) {
  return {
    connectionId: { S: connectionId },
    ...(user !== undefined && { user: { S: user } }),
    channels: {
      M: Object.fromEntries(subscriptions.map(({ channel, shard }) => [channel, { N: String(shard) }])),
    },
    expiresAt: { N: String(expiresAt) },
  };
}

function channelsOf(item: Item = {}): Map<string, number> {
  const channels = Object.entries(item['channels']?.M ?? {});
  return new Map(channels.map(([channel, shard]) => [channel, Number(shard.N)]));
}

function placementsOf(item: Item = {}): Placement[] {
  return [...channelsOf(item)].map(([channel, shard]) => ({ channel, shard }));
}
