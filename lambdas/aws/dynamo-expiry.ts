/**
 * The connections that the sweep closes, in a sparse index: only connections with a `closesAt` are in it. They are spread over
 * lanes, because all of an index key's writes go to one partition, and that takes 1,000 a second.
 */

import { type AttributeValue, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Connection } from '../realtime/connections/connection-store.ts';
import type { ExpiryCursor, ExpiryStore } from '../realtime/connections/expiry.ts';
import { shardFor } from '../realtime/connections/sharding.ts';

/** A query each in every sweep, and room for sixteen times the handshakes that an account has at first (500 a second). */
const LANES = 16;

/** A page of every lane is closed before the time is looked at again. */
const PAGE_SIZE = 50;

type Item = Record<string, AttributeValue>;

/** The attributes of a connection's item that put it into the index; no attributes if the sweep does not close it. */
export function expiryAttributes({ connectionId, closesAt, handshakeUntil }: Connection): Item {
  if (closesAt === undefined) return {};
  return {
    endLane: { N: String(shardFor(connectionId, LANES)) },
    closesAt: { N: String(closesAt) },
    ...(handshakeUntil !== undefined && { handshakeUntil: { N: String(handshakeUntil) } }),
  };
}

export function dynamoExpiry(
  client: DynamoDBClient,
  table: string,
  index: string,
  pageSize = PAGE_SIZE,
): ExpiryStore {
  return {
    lanes: LANES,

    async expired(lane, now, after) {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: index,
          KeyConditionExpression: 'endLane = :lane AND closesAt <= :now',
          ExpressionAttributeValues: { ':lane': { N: String(lane) }, ':now': { N: String(now) } },
          Limit: pageSize,
          ...(after && { ExclusiveStartKey: startKey(lane, after) }),
        }),
      );
      const next = LastEvaluatedKey && cursorOf(LastEvaluatedKey);
      return { connections: Items.map(connectionIn), ...(next && { next }) };
    },
  };
}

function startKey(lane: number, { connectionId, closesAt }: ExpiryCursor): Item {
  return {
    endLane: { N: String(lane) },
    closesAt: { N: String(closesAt) },
    connectionId: { S: connectionId },
  };
}

function cursorOf(key: Item): ExpiryCursor {
  return { connectionId: idIn(key), closesAt: Number(key['closesAt']?.N) };
}

function connectionIn(item: Item) {
  const handshakeUntil = item['handshakeUntil']?.N;
  return {
    connectionId: idIn(item),
    ...(handshakeUntil !== undefined && { handshakeUntil: Number(handshakeUntil) }),
  };
}

function idIn(item: Item): string {
  return item['connectionId']?.S ?? '';
}
