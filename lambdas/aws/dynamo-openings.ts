/** Counts of opened sessions in DynamoDB, beside the sessions: one conditional write for each opening. */

import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { OpeningStore } from '../realtime/connections/http-sessions.ts';
import { conditionHolds } from './condition.ts';

/** No key of a session has an `@`. */
const PREFIX = '@opened:';

export function dynamoOpenings(client: DynamoDBClient, table: string): OpeningStore {
  return {
    take(name, limit, until) {
      const command = new UpdateItemCommand({
        TableName: table,
        Key: { sessionKey: { S: `${PREFIX}${name}` } },
        UpdateExpression: 'SET expiresAt = :until ADD opened :one',
        ConditionExpression: 'attribute_not_exists(opened) OR opened < :limit',
        ExpressionAttributeValues: {
          ':one': { N: '1' },
          ':limit': { N: String(limit) },
          ':until': { N: String(until) },
        },
      });
      return conditionHolds(client.send(command));
    },
  };
}
