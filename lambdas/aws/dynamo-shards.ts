/** The numbers of a channel's shards in DynamoDB: attributes of its head. A head without them has one shard. */

import { randomUUID } from 'node:crypto';
import {
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { ShardStore, Spread } from '../realtime/connections/shard-store.ts';
import { conditionHolds } from './condition.ts';
import type { Item } from './record-item.ts';

/** A count may be this old when a shard is chosen by it: a storm of newcomers fills a shard in seconds. Milliseconds. */
export const RECENT_MS = 5_000;

/** Channels whose counts are remembered; beyond that all are asked for again. */
const REMEMBERED = 10_000;

export function dynamoShards(client: DynamoDBClient, table: string, now: () => number): ShardStore {
  const remembered = new Map<string, { readonly count: number; readonly until: number }>();
  const keyed = (channel: string) => ({ TableName: table, Key: { channel: { S: channel } } });

  async function read(channel: string, ConsistentRead: boolean): Promise<Spread> {
    const { Item } = await client.send(
      new GetItemCommand({ ...keyed(channel), ProjectionExpression: SPREAD, ConsistentRead }),
    );
    return spreadFrom(Item);
  }

  function update(channel: string, change: Omit<UpdateItemCommandInput, 'TableName' | 'Key'>) {
    remembered.delete(channel);
    return conditionHolds(client.send(new UpdateItemCommand({ ...keyed(channel), ...change })));
  }

  return {
    count: async (channel) => (await read(channel, true)).count,

    placedOver: async (channel) => (await read(channel, true)).placedOver,

    spread: (channel) => read(channel, true),

    async recentCount(channel) {
      const known = remembered.get(channel);
      if (known && now() < known.until) return known.count;
      if (remembered.size >= REMEMBERED) remembered.clear();
      const { placedOver: counted } = await read(channel, false);
      remembered.set(channel, { count: counted, until: now() + RECENT_MS });
      return counted;
    },

    async grow(channel, from, to) {
      const hasGrown = await update(channel, {
        UpdateExpression: 'SET shardCount = :to',
        ConditionExpression: `attribute_not_exists(narrowingMark) AND ${countIs(from)}`,
        ExpressionAttributeValues: { ':from': number(from), ':to': number(to) },
      });
      if (hasGrown) return;
      await update(channel, {
        UpdateExpression: END,
        ConditionExpression: 'attribute_exists(narrowingMark) AND placedOver = :from',
        ExpressionAttributeValues: { ':from': number(from) },
      });
    },

    narrow: (channel, { count, narrowing }, to) =>
      update(channel, {
        UpdateExpression: 'SET placedOver = :to, narrowingMark = :new, narrowingSince = :now',
        ConditionExpression: `${narrowing ? IS_MARKED : 'attribute_not_exists(narrowingMark)'} AND ${countIs(count)}`,
        ExpressionAttributeValues: {
          ':from': number(count),
          ':to': number(to),
          ':new': { S: randomUUID() },
          ':now': number(now()),
          ...(narrowing && { ':mark': { S: narrowing.mark } }),
        },
      }),

    async settle(channel, { narrowing }) {
      if (!narrowing) return;
      await update(channel, {
        UpdateExpression: `SET shardCount = placedOver ${END}`,
        ConditionExpression: IS_MARKED,
        ExpressionAttributeValues: { ':mark': { S: narrowing.mark } },
      });
    },
  };
}

const SPREAD = 'shardCount, placedOver, narrowingMark, narrowingSince';
const END = 'REMOVE placedOver, narrowingMark, narrowingSince';
const IS_MARKED = 'narrowingMark = :mark';

function countIs(from: number): string {
  return from === 1 ? '(attribute_not_exists(shardCount) OR shardCount = :from)' : 'shardCount = :from';
}

function spreadFrom(item: Item = {}): Spread {
  const count = shardCountFrom(item);
  const mark = item['narrowingMark']?.S;
  if (mark === undefined) return { count, placedOver: count };
  const since = Number(item['narrowingSince']?.N);
  return { count, placedOver: Number(item['placedOver']?.N ?? count), narrowing: { mark, since } };
}

function number(value: number): { readonly N: string } {
  return { N: String(value) };
}

export function shardCountFrom(item: Item = {}): number {
  return Number(item['shardCount']?.N ?? 1);
}
