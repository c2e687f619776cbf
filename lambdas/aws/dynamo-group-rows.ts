/**
 * The rows of groups in DynamoDB. A row has the names of its channels as a string set, without their namespace, which the key has. Adding
 * to a set and deleting from it are atomic, and keep what others add and delete at the same time.
 */

import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  type QueryCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { parseChannel } from 'fanfare-protocol/channel';
import type { Following, Placement, Subscription } from '../realtime/connections/subscription-store.ts';
import { conditionHolds, unlessConditionFails } from './condition.ts';
import type { Item } from './record-item.ts';
import { subscriptionKey } from './subscription-item.ts';

export async function follow(
  client: DynamoDBClient,
  table: string,
  row: Subscription,
  channels: readonly string[],
  limit: number,
): Promise<Following> {
  const names = channels.map(nameIn);
  const updateFor = (room: number) => new UpdateItemCommand(followingOf(table, row, names, room));
  // All are taken for new, as they are on a new connection. If there is no room for them, those that the row has already do not count.
  const asNew = await client.send(updateFor(limit - names.length)).catch(refusalOf);
  if (!('refused' in asNew)) return followingIn(asNew.Attributes);
  const before = asNew.refused ?? (await rowOf(client, table, row.connectionId, row));
  const known = new Set(before?.['followed']?.SS);
  const added = names.filter((name) => !known.has(name)).length;
  if (known.size + added > limit) return 'full';
  const updated = await unlessConditionFails(client.send(updateFor(limit - added)));
  return updated ? followingIn(updated.Attributes) : 'full';
}

/** A row that is there already was placed before, and keeps its number of shards. */
function followingOf(
  table: string,
  row: Subscription,
  names: readonly string[],
  room: number,
): UpdateItemCommandInput {
  const { connectionId, shardCount, user, expiresAt, grantUntil } = row;
  const sets = [
    'shardCount = if_not_exists(shardCount, :shardCount)',
    'expiresAt = :expiresAt',
    ...(user === undefined ? [] : ['#user = :user']),
    ...(grantUntil === undefined ? [] : ['grantUntil = :grantUntil']),
  ];
  const removes = grantUntil === undefined ? ' REMOVE grantUntil' : '';
  return {
    TableName: table,
    Key: subscriptionKey(row, connectionId),
    UpdateExpression: `SET ${sets.join(', ')}${removes} ADD followed :names`,
    ConditionExpression:
      room < 0 ? 'size(followed) <= :room' : 'attribute_not_exists(followed) OR size(followed) <= :room',
    ...(user !== undefined && { ExpressionAttributeNames: { '#user': 'user' } }),
    ExpressionAttributeValues: {
      ':names': { SS: [...names] },
      ':room': { N: String(room) },
      ':shardCount': { N: String(shardCount) },
      ':expiresAt': { N: String(expiresAt) },
      ...(user !== undefined && { ':user': { S: user } }),
      ...(grantUntil !== undefined && { ':grantUntil': { N: String(grantUntil) } }),
    },
    ReturnValues: 'UPDATED_OLD',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

/** @param before the values that the update has replaced. */
function followingIn(before: Item = {}): Following {
  return before['shardCount'] ? 'known' : 'new';
}

/** @throws every error but a failed condition. */
function refusalOf(error: unknown): { readonly refused: Item | undefined } {
  if (error instanceof ConditionalCheckFailedException) return { refused: error.Item };
  throw error;
}

export async function unfollow(
  client: DynamoDBClient,
  table: string,
  connectionId: string,
  placement: Placement,
  channels: readonly string[],
): Promise<void> {
  const command = new UpdateItemCommand({
    TableName: table,
    Key: subscriptionKey(placement, connectionId),
    UpdateExpression: 'DELETE followed :names',
    // Without the condition, leaving a channel after `$disconnect` would create the row anew.
    ConditionExpression: 'attribute_exists(connectionId)',
    ExpressionAttributeValues: { ':names': { SS: channels.map(nameIn) } },
  });
  await conditionHolds(client.send(command));
}

export async function followed(
  client: DynamoDBClient,
  table: string,
  connectionId: string,
  placement: Placement,
): Promise<readonly string[]> {
  const namespace = namespaceOf(placement.channel);
  const names = (await rowOf(client, table, connectionId, placement))?.['followed']?.SS ?? [];
  return names.map((name) => `${namespace}:${name}`);
}

async function rowOf(
  client: DynamoDBClient,
  table: string,
  connectionId: string,
  placement: Placement,
): Promise<Item | undefined> {
  const command = new GetItemCommand({
    TableName: table,
    Key: subscriptionKey(placement, connectionId),
    ConsistentRead: true,
  });
  return (await client.send(command)).Item;
}

/** The part of a query that leaves out the rows that do not name the channel, and all names. DynamoDB bills the rows that it looks at. */
export function namingFilter(channel: string): Pick<
  QueryCommandInput,
  'FilterExpression' | 'ProjectionExpression' | 'ExpressionAttributeNames'
> & {
  readonly values: Item;
} {
  return {
    FilterExpression: 'contains(followed, :name)',
    ProjectionExpression: 'connectionId, shardCount, #user, expiresAt',
    ExpressionAttributeNames: { '#user': 'user' },
    values: { ':name': { S: nameIn(channel) } },
  };
}

function nameIn(channel: string): string {
  return parseChannel(channel)?.name ?? channel;
}

function namespaceOf(group: string): string {
  return group.slice(0, group.indexOf(':'));
}
