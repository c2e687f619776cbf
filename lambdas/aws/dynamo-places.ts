/** Places for waiting requests in DynamoDB, beside the sessions: one item each, taken and freed by one conditional write. */

import { DeleteItemCommand, type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { PlaceStore } from '../realtime/connections/http-sessions.ts';
import { conditionHolds } from './condition.ts';

/** No key of a session has an `@`. */
const PREFIX = '@place:';

export function dynamoPlaces(client: DynamoDBClient, table: string): PlaceStore {
  const keyed = (place: number) => ({
    TableName: table,
    Key: { sessionKey: { S: `${PREFIX}${place}` } },
    // `holder` may be a reserved word one day.
    ExpressionAttributeNames: { '#holder': 'holder' },
  });
  return {
    take(place, holder, { now, until }) {
      const command = new UpdateItemCommand({
        ...keyed(place),
        UpdateExpression: 'SET #holder = :holder, heldUntil = :until, expiresAt = :expiresAt',
        ConditionExpression: 'attribute_not_exists(#holder) OR heldUntil <= :now',
        ExpressionAttributeValues: {
          ':holder': { S: holder },
          ':until': { N: String(until) },
          ':now': { N: String(now) },
          ':expiresAt': { N: String(Math.ceil(until / 1000)) },
        },
      });
      return conditionHolds(client.send(command));
    },

    async free(place, holder) {
      const command = new DeleteItemCommand({
        ...keyed(place),
        ConditionExpression: '#holder = :holder',
        ExpressionAttributeValues: { ':holder': { S: holder } },
      });
      await conditionHolds(client.send(command));
    },
  };
}
