/** The windows of channels in DynamoDB, beside the presence of their users: one item for each channel that told changes lately. */

import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { WindowStore } from '../realtime/presence/presence-store.ts';
import type { Item } from './record-item.ts';

/** No channel has a `#`. */
const PREFIX = '#window:';

/** A window that was never fitted. Milliseconds. */
const FIRST_MS = 100;

/** A channel that was silent for so long begins with the first length again. Seconds. */
const KEPT_SECONDS = 24 * 60 * 60;

export function dynamoWindows(client: DynamoDBClient, table: string): WindowStore {
  const keyed = (channel: string) => ({
    TableName: table,
    Key: { channel: { S: `${PREFIX}${channel}` }, user: { S: '-' } },
  });

  return {
    async close(channel, { now, openBefore }) {
      const command = new UpdateItemCommand({
        ...keyed(channel),
        UpdateExpression: 'SET closedUntil = if_not_exists(lengthMs, :first) + :now, expiresAt = :expiresAt',
        ConditionExpression: 'attribute_not_exists(closedUntil) OR closedUntil <= :openBefore',
        ExpressionAttributeValues: {
          ':first': number(FIRST_MS),
          ':now': number(now),
          ':openBefore': number(openBefore),
          ':expiresAt': number(expiryAt(now)),
        },
        ReturnValues: 'UPDATED_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      try {
        const { Attributes } = await client.send(command);
        return { isMine: true, closedUntil: closedUntilOf(Attributes) };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return { isMine: false, closedUntil: closedUntilOf(error.Item) };
      }
    },

    async fit(channel, closedAt, lengthMs) {
      const command = new UpdateItemCommand({
        ...keyed(channel),
        UpdateExpression: 'SET lengthMs = :length, closedUntil = :until, expiresAt = :expiresAt',
        ExpressionAttributeValues: {
          ':length': number(lengthMs),
          ':until': number(closedAt + lengthMs),
          ':expiresAt': number(expiryAt(closedAt)),
        },
      });
      await client.send(command);
    },
  };
}

function expiryAt(ms: number): number {
  return Math.ceil(ms / 1000) + KEPT_SECONDS;
}

function closedUntilOf(item: Item = {}): number {
  return Number(item['closedUntil']?.N ?? 0);
}

function number(value: number): { readonly N: string } {
  return { N: String(value) };
}
