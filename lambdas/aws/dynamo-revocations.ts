/** Revocations in DynamoDB: for each user the moment before which issued tokens are refused. */

import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { RevocationStore } from '../realtime/connections/revocation.ts';
import { conditionHolds } from './condition.ts';

export function dynamoRevocations(client: DynamoDBClient, table: string): RevocationStore {
  const keyed = (user: string) => ({ TableName: table, Key: { user: { S: user } } });

  return {
    async revoke(user, issuedBefore) {
      const command = new UpdateItemCommand({
        ...keyed(user),
        UpdateExpression: 'SET issuedBefore = :moment',
        // An earlier moment changes nothing, so that revoked tokens stay revoked.
        ConditionExpression: 'attribute_not_exists(issuedBefore) OR issuedBefore < :moment',
        ExpressionAttributeValues: { ':moment': { N: String(issuedBefore) } },
      });
      await conditionHolds(client.send(command));
    },

    async revokedBefore(user) {
      const { Item } = await client.send(new GetItemCommand({ ...keyed(user), ConsistentRead: true }));
      const moment = Item?.['issuedBefore']?.N;
      return moment === undefined ? undefined : Number(moment);
    },
  };
}
