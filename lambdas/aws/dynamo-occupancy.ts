/** The occupancy of channels in DynamoDB, as it was last reported. */

import {
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Occupancy, OccupancyStore } from '../realtime/lifecycle/occupancy.ts';
import { conditionHolds } from './condition.ts';
import type { Item } from './record-item.ts';

/**
 * How long the row of an empty channel is kept. If the row were deleted at once, a worker that had read "no row" and writes late
 * would store a version below those that were sent since. No worker runs longer than this: Lambda ends every invocation after 15
 * minutes at most, and this function after one. Milliseconds.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const VACATED_KEPT_MS = 15 * 60 * 1000;

export function dynamoOccupancy(client: DynamoDBClient, table: string, now: () => number): OccupancyStore {
  const keyed = (channel: string) => ({ TableName: table, Key: { channel: { S: channel } } });

  return {
    async read(channel) {
      const { Item } = await client.send(new GetItemCommand({ ...keyed(channel), ConsistentRead: true }));
      return Item && occupancyFrom(Item);
    },

    async change(channel, known, { occupied, version }) {
      const Item = {
        channel: { S: channel },
        occupied: { BOOL: occupied },
        version: { N: String(version) },
        told: { N: String(known?.version ?? 0) },
      };
      const isAsKnown = known && {
        ConditionExpression: 'version = :known AND told = :known',
        ExpressionAttributeValues: { ':known': { N: String(known.version) } },
      };
      const isAbsent = { ConditionExpression: 'attribute_not_exists(channel)' };
      const command = new PutItemCommand({ TableName: table, Item, ...(isAsKnown ?? isAbsent) });
      await conditionHolds(client.send(command));
    },

    async tell(channel, { occupied, version }) {
      const command = new UpdateItemCommand({
        ...keyed(channel),
        UpdateExpression: occupied ? 'SET told = :version' : 'SET told = :version, expiresAt = :expiresAt',
        ConditionExpression: 'version = :version',
        ExpressionAttributeValues: {
          ':version': { N: String(version) },
          ...(!occupied && { ':expiresAt': { N: String(Math.ceil((now() + VACATED_KEPT_MS) / 1000)) } }),
        },
      });
      await conditionHolds(client.send(command));
    },
  };
}

function occupancyFrom(item: Item): Occupancy {
  return {
    occupied: item['occupied']?.BOOL ?? false,
    version: Number(item['version']?.N),
    told: Number(item['told']?.N),
  };
}
