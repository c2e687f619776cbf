/** Mailboxes in DynamoDB: entries by connection, in the order of time. */

import { randomBytes } from 'node:crypto';
import {
  type AttributeValue,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { FRAMES_PER_POLL } from 'fanfare-protocol/limits';
import type { MailboxEntry, Mailboxes } from '../realtime/connections/http-sessions.ts';
import { batchWrite } from './batch-write.ts';
import type { Item } from './record-item.ts';

/** As long as a function can run: no client asks for older frames. Milliseconds. */
const KEPT_MS = 15 * 60 * 1000;

export function dynamoMailboxes(client: DynamoDBClient, table: string, now: () => number): Mailboxes {
  const nextEntryId = entryIds();

  async function put(connectionId: string, content: Record<string, AttributeValue>): Promise<void> {
    const time = now();
    const expiresAt = { N: String(Math.ceil((time + KEPT_MS) / 1000)) };
    const Item = { ...entryKey(connectionId, nextEntryId(time)), ...content, expiresAt };
    await client.send(new PutItemCommand({ TableName: table, Item }));
  }

  return {
    put: (connectionId, frame) => put(connectionId, { frame: { B: frame } }),

    putClosed: (connectionId) => put(connectionId, { closed: { BOOL: true } }),

    async read(connectionId) {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'connectionId = :connectionId',
          ExpressionAttributeValues: { ':connectionId': { S: connectionId } },
          ConsistentRead: true,
          Limit: FRAMES_PER_POLL,
        }),
      );
      return Items.map(entryFrom);
    },

    async remove(connectionId, entryIds) {
      await batchWrite(
        client,
        entryIds.map((entryId) => [table, { DeleteRequest: { Key: entryKey(connectionId, entryId) } }]),
      );
    },
  };
}

/** `2026`'s milliseconds have 8 digits of base 36, and one to spare. */
const TIME_DIGITS = 9;
const COUNT_DIGITS = 3;

/**
 * The time, a count, and 30 random bits. The count keeps the frames in order that one function posts in a millisecond. The random
 * bits keep the names of two functions apart.
 */
function entryIds(): (time: number) => string {
  let count = 0;
  return (time) => {
    count = (count + 1) % 36 ** COUNT_DIGITS;
    const random = randomBytes(4).toString('base64url').slice(0, 5);
    return `${digits(time, TIME_DIGITS)}${digits(count, COUNT_DIGITS)}${random}`;
  };
}

function digits(value: number, length: number): string {
  return value.toString(36).padStart(length, '0');
}

function entryKey(connectionId: string, entryId: string): Item {
  return { connectionId: { S: connectionId }, entryId: { S: entryId } };
}

function entryFrom(item: Item): MailboxEntry {
  const entryId = item['entryId']?.S ?? '';
  const frame = item['frame']?.B;
  return { entryId, content: frame ? { frame: Buffer.from(frame).toString('utf8') } : 'closed' };
}
