/** HTTP sessions in DynamoDB. */

import {
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  type HttpSession,
  type HttpSessionStore,
  sessionKeyIn,
} from '../realtime/connections/http-sessions.ts';
import { conditionHolds } from './condition.ts';
import type { Item } from './record-item.ts';

const IS_OURS = 'connectionId = :connectionId';

export function dynamoHttpSessions(client: DynamoDBClient, table: string): HttpSessionStore {
  const keyed = (sessionKey: string) => ({ TableName: table, Key: { sessionKey: { S: sessionKey } } });

  return {
    async open(session) {
      const { Attributes } = await client.send(
        new PutItemCommand({ TableName: table, Item: sessionItem(session), ReturnValues: 'ALL_OLD' }),
      );
      return Attributes?.['connectionId']?.S;
    },

    async find(sessionKey) {
      const { Item } = await client.send(new GetItemCommand({ ...keyed(sessionKey), ConsistentRead: true }));
      return Item && sessionFrom(sessionKey, Item);
    },

    renew(connectionId, leaseUntil) {
      const command = new UpdateItemCommand({
        ...keyed(sessionKeyIn(connectionId)),
        UpdateExpression: 'SET expiresAt = :leaseUntil',
        ConditionExpression: IS_OURS,
        ExpressionAttributeValues: {
          ':connectionId': { S: connectionId },
          ':leaseUntil': { N: String(leaseUntil) },
        },
      });
      return conditionHolds(client.send(command));
    },

    async noteSeen(connectionId, seenAt) {
      const command = new UpdateItemCommand({
        ...keyed(sessionKeyIn(connectionId)),
        UpdateExpression: 'SET seenAt = :seenAt',
        ConditionExpression: IS_OURS,
        ExpressionAttributeValues: {
          ':connectionId': { S: connectionId },
          ':seenAt': { N: String(seenAt) },
        },
      });
      await conditionHolds(client.send(command));
    },

    async end(connectionId) {
      const command = new DeleteItemCommand({
        ...keyed(sessionKeyIn(connectionId)),
        ConditionExpression: IS_OURS,
        ExpressionAttributeValues: { ':connectionId': { S: connectionId } },
      });
      await conditionHolds(client.send(command));
    },
  };
}

function sessionItem({ sessionKey, connectionId, connectedAt, leaseUntil }: HttpSession): Item {
  return {
    sessionKey: { S: sessionKey },
    connectionId: { S: connectionId },
    connectedAt: { N: String(connectedAt) },
    expiresAt: { N: String(leaseUntil) },
  };
}

function sessionFrom(sessionKey: string, item: Item): HttpSession | undefined {
  const connectionId = item['connectionId']?.S;
  if (connectionId === undefined) return undefined;
  const connectedAt = Number(item['connectedAt']?.N);
  const leaseUntil = Number(item['expiresAt']?.N);
  const seenAt = item['seenAt']?.N;
  const session = { sessionKey, connectionId, connectedAt, leaseUntil };
  return { ...session, ...(seenAt !== undefined && { seenAt: Number(seenAt) }) };
}
