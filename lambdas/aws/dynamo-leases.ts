/** The ends of connections and subscriptions in DynamoDB. HTTP sessions move them while their client is connected. */

import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Grant, LeaseStore, Renewal } from '../realtime/connections/http-sessions.ts';
import type { Placement } from '../realtime/connections/subscription-store.ts';
import { conditionHolds, unlessConditionFails } from './condition.ts';
import { type ConnectionTables, placementsOf } from './dynamo-connections.ts';
import type { Item } from './record-item.ts';
import { subscriptionKey } from './subscription-item.ts';

export function dynamoLeases(
  client: DynamoDBClient,
  { connections, subscriptions }: ConnectionTables,
): LeaseStore {
  const row = (connectionId: string, placement: Placement) => ({
    TableName: subscriptions,
    Key: subscriptionKey(placement, connectionId),
  });

  return {
    async renewConnection(connectionId, until) {
      const command = new UpdateItemCommand({
        TableName: connections,
        Key: { connectionId: { S: connectionId } },
        UpdateExpression: 'SET expiresAt = :until',
        ConditionExpression: IS_KNOWN,
        ExpressionAttributeValues: { ':until': { N: String(until) } },
        ReturnValues: 'ALL_NEW',
      });
      const updated = await unlessConditionFails(client.send(command));
      return updated && placementsOf(updated.Attributes);
    },

    async renewSubscription(connectionId, placement, renewal) {
      const command = new UpdateItemCommand({
        ...row(connectionId, placement),
        ...updateOf(renewal),
        ConditionExpression: IS_KNOWN,
      });
      await conditionHolds(client.send(command));
    },

    async retainSubscription(connectionId, placement, leaseUntil) {
      // An update expression has no minimum function, so each of the two possible ends has an update of its own.
      const ends = [
        { UpdateExpression: 'SET expiresAt = :lease', ConditionExpression: 'grantUntil > :lease' },
        { UpdateExpression: 'SET expiresAt = grantUntil', ConditionExpression: 'grantUntil <= :lease' },
      ];
      for (const end of ends) {
        const command = new UpdateItemCommand({
          ...row(connectionId, placement),
          ...end,
          ExpressionAttributeValues: { ':lease': { N: String(leaseUntil) } },
        });
        if (await conditionHolds(client.send(command))) return;
      }
    },

    async grantOf(connectionId, placement) {
      const { Item } = await client.send(
        new GetItemCommand({ ...row(connectionId, placement), ConsistentRead: true }),
      );
      return Item && grantFrom(Item);
    },
  };
}

function grantFrom(item: Item): Grant {
  const grantUntil = item['grantUntil']?.N;
  return {
    ...(grantUntil !== undefined && { grantUntil: Number(grantUntil) }),
    ...(item['seesMembers']?.BOOL && { seesMembers: true }),
    ...(item['isDeaf']?.BOOL && { isDeaf: true }),
  };
}

/** A connection or row that was deleted is not created again. */
const IS_KNOWN = 'attribute_exists(connectionId)';

/** Sets the attributes that the renewal has, and removes the others. */
function updateOf(renewal: Renewal) {
  const attributes = Object.entries(renewalAttributes(renewal));
  const kept = attributes.flatMap(([name, value]) => (value ? [[`:${name}`, value] as const] : []));
  const sets = kept.map(([name]) => `${name.slice(1)} = ${name}`);
  const removes = attributes.flatMap(([name, value]) => (value ? [] : [name]));
  return {
    UpdateExpression: `SET ${sets.join(', ')}${removes.length > 0 ? ` REMOVE ${removes.join(', ')}` : ''}`,
    ExpressionAttributeValues: Object.fromEntries(kept),
  };
}

/** The attributes as `subscriptionItem` writes them, or `undefined`. None of the names is a reserved word. */
function renewalAttributes({ expiresAt, grantUntil, isMember, info, seesMembers, isDeaf }: Renewal) {
  return {
    expiresAt: { N: String(expiresAt) },
    grantUntil: grantUntil === undefined ? undefined : { N: String(grantUntil) },
    isMember: isMember ? { BOOL: true } : undefined,
    info: info === undefined ? undefined : { S: JSON.stringify(info) },
    seesMembers: seesMembers ? { BOOL: true } : undefined,
    isDeaf: isDeaf ? { BOOL: true } : undefined,
  };
}
