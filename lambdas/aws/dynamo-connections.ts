/** Connections and their channel sets in DynamoDB. */

import {
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Connection, ConnectionStore, Subscription } from '../realtime/ports.ts';
import { batchWrite } from './batch-write.ts';
import { conditionHolds } from './condition.ts';
import { subscriptionItem } from './dynamo-subscriptions.ts';

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

    async addChannel(connectionId, channel, limit) {
      const isKnown = 'attribute_exists(connectionId)';
      const hasRoom = '(contains(channels, :channel) OR size(channels) < :limit)';
      const command = new UpdateItemCommand({
        ...keyed(connectionId),
        UpdateExpression: 'ADD channels :added',
        ConditionExpression: `${isKnown} AND ${hasRoom}`,
        ExpressionAttributeValues: {
          ':added': { SS: [channel] },
          ':channel': { S: channel },
          ':limit': { N: String(limit) },
        },
      });
      if (await conditionHolds(client.send(command))) return 'added';
      // Which of the two conditions failed is asked only when one did.
      const { Item } = await client.send(
        new GetItemCommand({ ...keyed(connectionId), ConsistentRead: true }),
      );
      return Item ? 'full' : 'gone';
    },

    async removeChannel(connectionId, channel) {
      const command = new UpdateItemCommand({
        ...keyed(connectionId),
        UpdateExpression: 'DELETE channels :removed',
        // Without it, leaving a channel after `$disconnect` would create the connection anew.
        ConditionExpression: 'attribute_exists(connectionId)',
        ExpressionAttributeValues: { ':removed': { SS: [channel] } },
      });
      await conditionHolds(client.send(command));
    },

    async remove(connectionId) {
      const { Attributes } = await client.send(
        new DeleteItemCommand({ ...keyed(connectionId), ReturnValues: 'ALL_OLD' }),
      );
      return Attributes?.['channels']?.SS ?? [];
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
    channels: { SS: subscriptions.map(({ channel }) => channel) },
    expiresAt: { N: String(expiresAt) },
  };
}
