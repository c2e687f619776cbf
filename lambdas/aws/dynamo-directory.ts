/** What operators look up in the tables: with scans, which cost what they read. */

import { type DynamoDBClient, GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';
import { ProtocolError } from '../../protocol/errors.ts';
import type { Directory, StoredConnection } from '../realtime/ports.ts';
import type { Item } from './record-item.ts';

export interface DirectoryTables {
  readonly connections: string;
  readonly channels: string;
}

const PAGE_SIZE = 100;

export function dynamoDirectory(client: DynamoDBClient, tables: DirectoryTables): Directory {
  /** A cursor is the key after which the table is scanned on. */
  async function scan(TableName: string, key: string, cursor: string | undefined) {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new ScanCommand({
        TableName,
        Limit: PAGE_SIZE,
        ...(cursor !== undefined && { ExclusiveStartKey: { [key]: { S: keyIn(cursor) } } }),
      }),
    );
    const last = LastEvaluatedKey?.[key]?.S;
    return { items: Items, ...(last !== undefined && { next: cursorOf(last) }) };
  }

  return {
    async connection(connectionId) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: tables.connections, Key: { connectionId: { S: connectionId } } }),
      );
      return Item && connectionFrom(Item);
    },

    async connections(cursor) {
      const { items, ...next } = await scan(tables.connections, 'connectionId', cursor);
      return { connections: items.map(connectionFrom), ...next };
    },

    async channels(cursor) {
      const { items, ...next } = await scan(tables.channels, 'channel', cursor);
      const heads = items.map(({ channel, seq }) => ({
        channel: channel?.S ?? '',
        ...(seq?.N !== undefined && { seq: Number(seq.N) }),
      }));
      return { heads, ...next };
    },
  };
}

function connectionFrom(item: Item): StoredConnection {
  const user = item['user']?.S;
  return {
    connectionId: item['connectionId']?.S ?? '',
    ...(user !== undefined && { user }),
    channels: Object.keys(item['channels']?.M ?? {}),
    expiresAt: Number(item['expiresAt']?.N),
  };
}

/** Opaque, so that nobody builds one. */
function cursorOf(key: string): string {
  return Buffer.from(JSON.stringify({ after: key })).toString('base64url');
}

const cursorContent = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ after: v.pipe(v.string(), v.minLength(1)) }),
);

function keyIn(cursor: string): string {
  const { success, output } = v.safeParse(cursorContent, Buffer.from(cursor, 'base64url').toString('utf8'));
  if (success) return output.after;
  throw new ProtocolError('bad-request', 'This is not the cursor of a page.');
}
