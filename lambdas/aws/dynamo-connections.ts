/** Connections in DynamoDB, each with a map from its channels to the shards that hold its subscriptions. */

import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { CONNECTION_LIFETIME_MS } from 'fanfare-protocol/limits';
import type { Connection, ConnectionStore } from '../realtime/connections/connection-store.ts';
import { isGroup } from '../realtime/connections/grouping.ts';
import { addressPlacement, isAddressPlacement } from '../realtime/connections/source-address.ts';
import type { Placement, Subscription } from '../realtime/connections/subscription-store.ts';
import { batchWrite } from './batch-write.ts';
import { addChannel, addChannels, addGroups, channelsOf, IS_KNOWN } from './channel-additions.ts';
import { conditionHolds } from './condition.ts';
import { expiryAttributes } from './dynamo-expiry.ts';
import type { Item } from './record-item.ts';
import { subscriptionItem } from './subscription-item.ts';

export interface ConnectionTables {
  readonly connections: string;
  readonly subscriptions: string;
}

export function dynamoConnections(
  client: DynamoDBClient,
  tables: ConnectionTables,
  now: () => number = Date.now,
): ConnectionStore {
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

    addChannels: (connectionId, placements, limit) =>
      addChannels(client, keyed(connectionId), placements, limit),

    addGroups: (connectionId, placements) => addGroups(client, keyed(connectionId), placements),

    async isStored(connectionId) {
      const { Item } = await client.send(
        new GetItemCommand({
          ...keyed(connectionId),
          ProjectionExpression: 'connectionId',
          ConsistentRead: true,
        }),
      );
      return Item !== undefined;
    },

    async shardOf(connectionId, channel) {
      const { Item } = await client.send(
        new GetItemCommand({
          ...keyed(connectionId),
          ProjectionExpression: isGroup(channel) ? '#channel' : 'channels.#channel',
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

    async moveChannel(connectionId, channel, from, to) {
      const command = new UpdateItemCommand({
        ...keyed(connectionId),
        UpdateExpression: 'SET channels.#channel = :to',
        ConditionExpression: 'channels.#channel = :from',
        ExpressionAttributeNames: { '#channel': channel },
        ExpressionAttributeValues: { ':from': { N: String(from) }, ':to': { N: String(to) } },
      });
      await conditionHolds(client.send(command));
    },

    async remove(connectionId) {
      const { Attributes } = await client.send(
        new DeleteItemCommand({ ...keyed(connectionId), ReturnValues: 'ALL_OLD' }),
      );
      return placementsOf(Attributes);
    },

    async owe(connectionId, placements) {
      const expiresAt = Math.ceil((now() + OWED_MS) / 1000);
      const due = { connectionId, expiresAt, closesAt: Math.floor(now() / 1000) };
      const item: Item = {
        // Groups may be in the map, too: only the limit of channels tells them apart, and this connection adds none.
        channels: channelMap(placements),
        expiresAt: { N: String(expiresAt) },
        ...expiryAttributes(due),
      };
      const names = Object.keys(item);
      const command = new UpdateItemCommand({
        ...keyed(connectionId),
        UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
        ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
        ExpressionAttributeValues: Object.fromEntries(
          Object.entries(item).map(([name, value]) => [`:${name}`, value]),
        ),
      });
      await client.send(command);
    },
  };
}

/** After this time TTL has deleted the rows themselves. */
const OWED_MS = CONNECTION_LIFETIME_MS + 60 * 60 * 1000;

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
    channels: channelMap(subscriptions.filter((placement) => !isAddressPlacement(placement))),
    // Beside the channels, so that it does not count as one of the hundred.
    ...(address !== undefined && { address: { S: address } }),
    expiresAt: { N: String(expiresAt) },
    ...expiryAttributes(connection),
  };
}

function channelMap(placements: readonly Placement[]): AttributeValue {
  return { M: Object.fromEntries(placements.map(({ channel, shard }) => [channel, { N: String(shard) }])) };
}

export function placementsOf(item: Item = {}): Placement[] {
  const channels = [...channelsOf(item)].map(([channel, shard]) => ({ channel, shard }));
  const address = item['address']?.S;
  return address === undefined ? channels : [...channels, addressPlacement(address)];
}
