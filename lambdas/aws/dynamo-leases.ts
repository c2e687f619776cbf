/** The ends of connections and subscriptions in DynamoDB, which those of HTTP sessions move again and again. */

import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { LeaseStore } from '../realtime/http-sessions.ts';
import { conditionHolds, unlessConditionFails } from './condition.ts';
import { type ConnectionTables, placementsOf } from './dynamo-connections.ts';
import { subscriptionKey } from './dynamo-subscriptions.ts';

export function dynamoLeases(
  client: DynamoDBClient,
  { connections, subscriptions }: ConnectionTables,
): LeaseStore {
  const moved = (until: number) => ({
    UpdateExpression: 'SET expiresAt = :until',
    // What was forgotten stays forgotten.
    ConditionExpression: 'attribute_exists(connectionId)',
    ExpressionAttributeValues: { ':until': { N: String(until) } },
  });

  return {
    async renewConnection(connectionId, until) {
      const command = new UpdateItemCommand({
        TableName: connections,
        Key: { connectionId: { S: connectionId } },
        ...moved(until),
        ReturnValues: 'ALL_NEW',
      });
      const updated = await unlessConditionFails(client.send(command));
      return updated && placementsOf(updated.Attributes);
    },

    async renewSubscription(connectionId, placement, until) {
      const command = new UpdateItemCommand({
        TableName: subscriptions,
        Key: subscriptionKey(placement, connectionId),
        ...moved(until),
      });
      await conditionHolds(client.send(command));
    },
  };
}
