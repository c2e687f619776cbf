/** Claims of pieces of work in DynamoDB. */

import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { ClaimStore } from '../realtime/delivery/claim-store.ts';
import { unlessConditionFails } from './condition.ts';

/** Far longer than an invocation is repeated (`asynchronous` in the manifest). Milliseconds. */
const KEPT_MS = 60 * 60 * 1000;

export function dynamoClaims(client: DynamoDBClient, table: string, now: () => number): ClaimStore {
  const keyed = (piece: string) => ({ TableName: table, Key: { piece: { S: piece } } });

  return {
    async claim(piece, owner) {
      const command = new UpdateItemCommand({
        ...keyed(piece),
        UpdateExpression: 'SET #owner = :owner, expiresAt = :expiresAt',
        ConditionExpression: 'attribute_not_exists(#owner) OR #owner = :owner',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: {
          ':owner': { S: owner },
          ':expiresAt': { N: String(Math.ceil((now() + KEPT_MS) / 1000)) },
        },
        ReturnValues: 'ALL_OLD',
      });
      const claimed = await unlessConditionFails(client.send(command));
      if (!claimed) return "another's";
      return claimed.Attributes?.['passedOn'] ? 'passed on' : 'new';
    },

    async passOn(piece) {
      await client.send(
        new UpdateItemCommand({
          ...keyed(piece),
          UpdateExpression: 'SET passedOn = :true',
          ExpressionAttributeValues: { ':true': { BOOL: true } },
        }),
      );
    },
  };
}
