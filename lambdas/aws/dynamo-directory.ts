/** The tables as operators look them up. The cost of a scan is that of all items that it reads. */

import {
  type DynamoDBClient,
  GetItemCommand,
  ScanCommand,
  type ScanCommandInput,
} from '@aws-sdk/client-dynamodb';
import { ProtocolError } from 'fanfare-protocol/errors';
import * as v from 'valibot';
import type { ChannelHead, Directory, StoredConnection } from '../operations/directory.ts';
import { isGroup } from '../realtime/connections/grouping.ts';
import { channelsOf } from './channel-additions.ts';
import { followed } from './dynamo-group-rows.ts';
import type { Item } from './record-item.ts';

export interface DirectoryTables {
  readonly connections: string;
  readonly channels: string;
  readonly occupancy: string;
  readonly subscriptions: string;
}

const PAGE_SIZE = 100;

export function dynamoDirectory(client: DynamoDBClient, tables: DirectoryTables): Directory {
  const heads = channelHeads(client, tables);
  return {
    async connection(connectionId) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: tables.connections, Key: { connectionId: { S: connectionId } } }),
      );
      return Item && connectionFrom(Item);
    },

    async grouped(connectionId) {
      const key = { TableName: tables.connections, Key: { connectionId: { S: connectionId } } };
      const { Item } = await client.send(new GetItemCommand(key));
      const groups = [...channelsOf(Item)].filter(([name]) => isGroup(name));
      const rows = groups.map(([channel, shard]) =>
        followed(client, tables.subscriptions, connectionId, { channel, shard }),
      );
      return (await Promise.all(rows)).flat().toSorted();
    },

    async connections(cursor) {
      const { after } = cursor === undefined ? {} : contentOf(connectionCursor, cursor);
      const { items, last } = await scan(client, { table: tables.connections, key: 'connectionId', after });
      return {
        connections: items.map(connectionFrom),
        ...(last !== undefined && { next: cursorOf({ after: last }) }),
      };
    },

    async channels(cursor) {
      const { after, occupied }: ChannelCursor = cursor === undefined ? {} : contentOf(channelCursor, cursor);
      if (occupied !== undefined) return heads.headless(occupied);
      const { used, last } = await heads.used(after);
      if (last !== undefined) return { heads: used, next: cursorOf({ after: last }) };
      const { heads: headless, ...next } = await heads.headless(undefined);
      return { heads: [...used, ...headless], ...next };
    },
  };
}

interface Scan {
  readonly table: string;
  /** The name of the table's key. */
  readonly key: string;
  readonly after: string | undefined;
  readonly filter?: Pick<ScanCommandInput, 'FilterExpression' | 'ExpressionAttributeValues'>;
}

/** A page of the items after a key. */
async function scan(client: DynamoDBClient, { table, key, after, filter }: Scan) {
  const { Items, LastEvaluatedKey } = await client.send(
    new ScanCommand({
      TableName: table,
      Limit: PAGE_SIZE,
      ...(after !== undefined && { ExclusiveStartKey: { [key]: { S: after } } }),
      ...filter,
    }),
  );
  return { items: Items ?? [], last: LastEvaluatedKey?.[key]?.S };
}

function channelHeads(client: DynamoDBClient, tables: DirectoryTables) {
  async function hasNoHead(channel: string): Promise<boolean> {
    const command = new GetItemCommand({
      TableName: tables.channels,
      Key: { channel: { S: channel } },
      ProjectionExpression: 'channel',
    });
    return (await client.send(command)).Item === undefined;
  }

  return {
    async used(after: string | undefined) {
      const { items, last } = await scan(client, { table: tables.channels, key: 'channel', after });
      // A group has an item for the number of its shards.
      return { used: items.map(headFrom).filter(({ channel }) => !isGroup(channel)), last };
    },

    /** The occupied channels that have no head: they are small, and keep no history or have no message yet. */
    async headless(after: string | undefined) {
      const { items, last } = await scan(client, {
        table: tables.occupancy,
        key: 'channel',
        after,
        filter: IS_OCCUPIED,
      });
      const occupied = items.map(headFrom);
      const isHeadless = await Promise.all(occupied.map(({ channel }) => hasNoHead(channel)));
      return {
        heads: occupied.filter((_head, index) => isHeadless[index]),
        ...(last !== undefined && { next: cursorOf({ occupied: last }) }),
      };
    },
  };
}

function connectionFrom(item: Item): StoredConnection {
  const user = item['user']?.S;
  return {
    connectionId: item['connectionId']?.S ?? '',
    ...(user !== undefined && { user }),
    channels: [...channelsOf(item).keys()].filter((name) => !isGroup(name)),
    expiresAt: Number(item['expiresAt']?.N),
  };
}

const IS_OCCUPIED = {
  FilterExpression: 'occupied = :true',
  ExpressionAttributeValues: { ':true': { BOOL: true } },
};

function headFrom({ channel, seq }: Item): ChannelHead {
  return { channel: channel?.S ?? '', ...(seq?.N !== undefined && { seq: Number(seq.N) }) };
}

/** The key after which a table is scanned on. */
const key = v.pipe(v.string(), v.minLength(1));

const connectionCursor = v.object({ after: key });

/** Channels with a head come first, then those that are only occupied. */
interface ChannelCursor {
  readonly after?: string;
  readonly occupied?: string;
}
const channelCursor = v.union([v.object({ after: key }), v.object({ occupied: key })]);

/** Encoded, so that callers do not build cursors of their own. */
function cursorOf(content: ChannelCursor): string {
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

/** @throws ProtocolError `bad-request`. */
function contentOf<Content>(schema: v.GenericSchema<unknown, Content>, cursor: string): Content {
  const json = v.pipe(v.string(), v.parseJson(), schema);
  const { success, output } = v.safeParse(json, Buffer.from(cursor, 'base64url').toString('utf8'));
  if (success) return output;
  throw new ProtocolError('bad-request', 'This is not the cursor of a page.');
}
