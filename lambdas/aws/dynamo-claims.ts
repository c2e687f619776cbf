/** Claims of pieces of work, and notes of late frames, in DynamoDB. */

import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { ClaimStore } from '../realtime/delivery/claim-store.ts';
import type { LateFrames, NewestLateFrame } from '../realtime/delivery/late-frames.ts';
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

/** No piece of work has such a name: ids of broadcasts are UUIDs, or begin with `again/`. */
const lateKey = (channel: string) => ({ piece: { S: `late/${channel}` } });

/** Two notes of one channel may come in any order: the higher number stays. */
export function dynamoLateFrames(client: DynamoDBClient, table: string, now: () => number): LateFrames {
  return {
    async note(channel, seq) {
      const command = new UpdateItemCommand({
        TableName: table,
        Key: lateKey(channel),
        UpdateExpression: 'SET lastSeq = :seq, expiresAt = :expiresAt',
        ConditionExpression: 'attribute_not_exists(lastSeq) OR lastSeq < :seq',
        ExpressionAttributeValues: {
          ':seq': { N: String(seq) },
          ':expiresAt': { N: String(Math.ceil((now() + KEPT_MS) / 1000)) },
        },
      });
      await unlessConditionFails(client.send(command));
    },
  };
}

/** Eventually consistent, for half a unit: an old answer posts a frame that could have been dropped. */
export function dynamoNewestLateFrame(client: DynamoDBClient, table: string): NewestLateFrame {
  return {
    async newest(channel) {
      const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: lateKey(channel) }));
      const seq = Item?.['lastSeq']?.N;
      return seq === undefined ? undefined : Number(seq);
    },
  };
}
