/** Adds channels to the item of a connection: one, or many by one update. */

import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { Addition } from '../realtime/connections/connection-store.ts';
import { isGroup } from '../realtime/connections/grouping.ts';
import type { Placement } from '../realtime/connections/subscription-store.ts';
import { unlessConditionFails } from './condition.ts';
import type { Item } from './record-item.ts';

/** The key of a connection's item. */
interface Keyed {
  readonly TableName: string;
  readonly Key: Item;
}

/** Without this condition, an update would make a connection that is gone anew. */
export const IS_KNOWN = 'attribute_exists(connectionId)';

export async function addChannel(
  client: DynamoDBClient,
  keyed: Keyed,
  { channel, shard }: Placement,
  limit: number,
): Promise<Addition> {
  const command = new UpdateItemCommand({
    ...keyed,
    ...ADD_CHANNEL,
    ExpressionAttributeNames: { '#channel': channel },
    ExpressionAttributeValues: { ':shard': { N: String(shard) }, ':limit': { N: String(limit) } },
  });
  const updated = await unlessConditionFails(client.send(command));
  if (updated) return { kind: 'added', shard: channelsOf(updated.Attributes).get(channel) ?? shard };
  // If the condition failed, a read finds out which of its two parts failed.
  const { Item } = await client.send(new GetItemCommand({ ...keyed, ConsistentRead: true }));
  return { kind: Item ? 'full' : 'gone' };
}

/**
 * Adds all or none. The first update takes all channels for new, as they are on a new connection. If it is refused, a second one names
 * those that the connection has already, so that they do not count against the limit.
 */
export async function addChannels(
  client: DynamoDBClient,
  keyed: Keyed,
  placements: readonly Placement[],
  limit: number,
): Promise<readonly Placement[] | undefined> {
  const asNew = await client
    .send(new UpdateItemCommand(additionOf(keyed, placements, [], limit)))
    .catch(refusalOf);
  if (!('refused' in asNew)) return placedBy(asNew.Attributes, placements);
  // An implementation that does not return the item with the failed condition is asked for it.
  const item =
    asNew.refused ?? (await client.send(new GetItemCommand({ ...keyed, ConsistentRead: true }))).Item;
  const known = placements.filter(({ channel }) => channelsOf(item).has(channel));
  if (known.length === 0) return undefined;
  const update = new UpdateItemCommand(additionOf(keyed, placements, known, limit));
  const updated = await unlessConditionFails(client.send(update));
  return updated && placedBy(updated.Attributes, placements);
}

/** Short names, because an expression has at most 4 KB, and 300 operators and functions. A hundred channels need 3.2 KB and 200. */
function additionOf(
  keyed: Keyed,
  placements: readonly Placement[],
  known: readonly Placement[],
  limit: number,
): UpdateItemCommandInput {
  const paths = new Map(placements.map(({ channel }, index) => [channel, `#c.#${index}`]));
  const sets = placements.map(({ channel, shard }) => {
    const path = paths.get(channel);
    return `${path}=if_not_exists(${path},:${shard})`;
  });
  const stillKnown = known.map(({ channel }) => `attribute_exists(${paths.get(channel)})`);
  const names = placements.map(({ channel }, index) => [`#${index}`, channel] as const);
  const values = placements.map(({ shard }) => [`:${shard}`, { N: String(shard) }] as const);
  const room = limit - (placements.length - known.length);
  return {
    ...keyed,
    UpdateExpression: `SET ${sets.join(',')}`,
    ConditionExpression: [IS_KNOWN, 'size(#c)<=:room', ...stillKnown].join(' AND '),
    ExpressionAttributeNames: { '#c': 'channels', ...Object.fromEntries(names) },
    ExpressionAttributeValues: { ':room': { N: String(room) }, ...Object.fromEntries(values) },
    ReturnValues: 'UPDATED_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

/** @throws every error but a failed condition. */
function refusalOf(error: unknown): { readonly refused: Item | undefined } {
  if (error instanceof ConditionalCheckFailedException) return { refused: error.Item };
  throw error;
}

/** A channel that was there before stays in its shard. */
function placedBy(updated: Item | undefined, placements: readonly Placement[]): readonly Placement[] {
  const shards = channelsOf(updated);
  return placements.map(({ channel, shard }) => ({ channel, shard: shards.get(channel) ?? shard }));
}

/**
 * Adds groups, each as an attribute of its own beside the map of channels: so they do not count against the limit of channels.
 *
 * @returns `undefined` if the connection is gone.
 */
export async function addGroups(
  client: DynamoDBClient,
  keyed: Keyed,
  placements: readonly Placement[],
): Promise<readonly Placement[] | undefined> {
  const sets = placements.map((_one, index) => `#${index}=if_not_exists(#${index},:${index})`);
  const command = new UpdateItemCommand({
    ...keyed,
    UpdateExpression: `SET ${sets.join(',')}`,
    ConditionExpression: IS_KNOWN,
    ExpressionAttributeNames: Object.fromEntries(
      placements.map(({ channel }, index) => [`#${index}`, channel]),
    ),
    ExpressionAttributeValues: Object.fromEntries(
      placements.map(({ shard }, index) => [`:${index}`, { N: String(shard) }]),
    ),
    ReturnValues: 'UPDATED_NEW',
  });
  const updated = await unlessConditionFails(client.send(command));
  return updated && placedBy(updated.Attributes, placements);
}

const ADD_CHANNEL = {
  // The shard of the first time stays: a second row in another shard would receive everything twice.
  UpdateExpression: 'SET channels.#channel = if_not_exists(channels.#channel, :shard)',
  ConditionExpression: `${IS_KNOWN} AND (attribute_exists(channels.#channel) OR size(channels) < :limit)`,
  ReturnValues: 'UPDATED_NEW',
} as const;

/** The shard of each channel and each group of a connection. */
export function channelsOf(item: Item = {}): Map<string, number> {
  const channels = Object.entries(item['channels']?.M ?? {});
  const groups = Object.entries(item).filter(([name]) => isGroup(name));
  return new Map([...channels, ...groups].map(([name, shard]) => [name, Number(shard.N)]));
}
