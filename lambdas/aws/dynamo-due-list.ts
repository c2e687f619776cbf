/**
 * The users who are due, in a sparse index of their presence: only rows with an `until` are in it. A row comes into it and leaves it with
 * the write that changes the presence, so list and presence never differ for long. They are spread over lanes, because
 * all of an index key's writes go to one partition, and that takes 1,000 a second.
 */

import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { shardFor } from '../realtime/connections/sharding.ts';
import type { DueList, DueUser, MemberKey } from '../realtime/presence/presence-store.ts';
import type { Item } from './record-item.ts';

/** A query each whenever the worker looks. A leave writes twice to its lane, so 4,000 users can leave in a second. */
const LANES = 8;

/** Users of one lane in one look: about 100 KB. */
const PAGE_SIZE = 1_000;

export function dueLaneOf({ channel, user }: MemberKey): number {
  return shardFor(`${channel} ${user}`, LANES);
}

export function dynamoDueList(client: DynamoDBClient, table: string, index: string): DueList {
  const ofAllLanes = async (limit: number, now?: number): Promise<readonly DueUser[]> => {
    const pages = Array.from({ length: LANES }, async (_, lane) => {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: index,
          KeyConditionExpression: `dueLane = :lane${now === undefined ? '' : ' AND #until <= :now'}`,
          // A reserved word.
          ...(now !== undefined && { ExpressionAttributeNames: { '#until': 'until' } }),
          ExpressionAttributeValues: {
            ':lane': { N: String(lane) },
            ...(now !== undefined && { ':now': { N: String(now) } }),
          },
          Limit: limit,
        }),
      );
      return Items.map(dueUserFrom);
    });
    const due = (await Promise.all(pages)).flat();
    return due.toSorted((one, other) => one.until - other.until);
  };

  return {
    due: (now) => ofAllLanes(PAGE_SIZE, now),
    async next() {
      const [first] = await ofAllLanes(1);
      return first?.until;
    },
  };
}

function dueUserFrom(item: Item): DueUser {
  return {
    channel: item['channel']?.S ?? '',
    user: item['user']?.S ?? '',
    until: Number(item['until']?.N),
  };
}
