/** Connections in DynamoDB, each with a map from its channels to the shards that hold its subscriptions. */

import {
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Addition, Connection, ConnectionStore } from '../realtime/connections/connection-store.ts';
import { addressPlacement, isAddressPlacement } from '../realtime/connections/source-address.ts';
import type { Placement, Subscription } from '../realtime/connections/subscription-store.ts';
import { batchWrite } from './batch-write.ts';
import { conditionHolds, unlessConditionFails } from './condition.ts';
import { chargeConnection } from './connection-charge.ts';
import { expiryAttributes } from './dynamo-expiry.ts';
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
        ...subscriptions
          .map(subscriptionItem)
          .map((Item) => [tables.subscriptions, { PutRequest: { Item } }] as const),
      ]);
    },

    addChannel: (connectionId, placement, limit) => addChannel(client, keyed(connectionId), placement, limit),

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
        ...REMOVE_CHANNEL,
        ExpressionAttributeNames: { '#channel': channel },
      });
      await conditionHolds(client.send(command));
    },

    charge: (connectionId, bill) => chargeConnection(client, keyed(connectionId), bill),

    async remove(connectionId) {
      const { Attributes } = await client.send(
        new DeleteItemCommand({ ...keyed(connectionId), ReturnValues: 'ALL_OLD' }),
      );
      return placementsOf(Attributes);
    },
  };
}

interface Keyed {
  readonly TableName: string;
  readonly Key: Item;
}

async function addChannel(
  client: DynamoDBClient,
  keyed: Keyed,
  { channel, shard }: Placement,
  limit: number,
): Promise<Addition> {
  const command = new UpdateItemCommand({
    ...keyed,
    ...ADD_CHANNEL,
    ExpressionAttributeNames: { '#channel': channel },
    ExpressionAttributeValues: { ':shard': { N: String(shard) }, ':limit': { N: String(limit) } },
  });
  const updated = await unlessConditionFails(client.send(command));
  if (updated) return { kind: 'added', shard: channelsOf(updated.Attributes).get(channel) ?? shard };
  // If the condition failed, a read finds out which of its two parts failed.
  const { Item } = await client.send(new GetItemCommand({ ...keyed, ConsistentRead: true }));
  return { kind: Item ? 'full' : 'gone' };
}

const IS_KNOWN = 'attribute_exists(connectionId)';

const ADD_CHANNEL = {
  // The shard of the first time stays: a second row in another shard would receive everything twice.
  UpdateExpression: 'SET channels.#channel = if_not_exists(channels.#channel, :shard)',
  ConditionExpression: `${IS_KNOWN} AND (attribute_exists(channels.#channel) OR size(channels) < :limit)`,
  ReturnValues: 'UPDATED_NEW',
} as const;

const REMOVE_CHANNEL = {
  UpdateExpression: 'REMOVE channels.#channel',
  // Without the condition, leaving a channel after `$disconnect` would create the connection anew.
  ConditionExpression: IS_KNOWN,
};

function connectionItem(connection: Connection, subscriptions: readonly Subscription[]) {
  const { connectionId, user, address, expiresAt } = connection;
  return {
    connectionId: { S: connectionId },
    ...(user !== undefined && { user: { S: user } }),
    channels: {
      M: Object.fromEntries(
        subscriptions
          .filter((placement) => !isAddressPlacement(placement))
          .map(({ channel, shard }) => [channel, { N: String(shard) }]),
      ),
    },
    // Beside the channels, so that it does not count as one of the hundred.
    ...(address !== undefined && { address: { S: address } }),
    expiresAt: { N: String(expiresAt) },
    ...expiryAttributes(connection),
  };
}

function channelsOf(item: Item = {}): Map<string, number> {
  const channels = Object.entries(item['channels']?.M ?? {});
  return new Map(channels.map(([channel, shard]) => [channel, Number(shard.N)]));
}

export function placementsOf(item: Item = {}): Placement[] {
  const channels = [...channelsOf(item)].map(([channel, shard]) => ({ channel, shard }));
  const address = item['address']?.S;
  return address === undefined ? channels : [...channels, addressPlacement(address)];
}
