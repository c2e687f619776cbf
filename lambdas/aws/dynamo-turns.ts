/** The turns of packed channels in DynamoDB: attributes of the channel's head. */

import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { PackedHead, TurnStore } from '../realtime/log/turn-store.ts';
import { conditionHolds, unlessConditionFails } from './condition.ts';
import { headFrom } from './dynamo-log.ts';
import type { Item } from './record-item.ts';

/** A request that the SDK repeats, because only its answer was lost, finds the turn taken by its own worker. */
const IS_FREE = 'attribute_not_exists(turnOf) OR turnUntil <= :now OR turnOf = :worker';

/** @param table of the channels. */
export function dynamoTurns(client: DynamoDBClient, table: string): TurnStore {
  const keyed = (channel: string) => ({ TableName: table, Key: { channel: { S: channel } } });

  return {
    async look(channel) {
      const { Item } = await client.send(new GetItemCommand({ ...keyed(channel), ConsistentRead: true }));
      // A channel without a message may have shards and no number.
      return Item?.['seq'] && packedHeadFrom(Item);
    },

    async take(channel, { worker, until }, now) {
      const command = new UpdateItemCommand({
        ...keyed(channel),
        UpdateExpression: 'SET turnOf = :worker, turnUntil = :until',
        // Without the first condition, it would make an item for a head that is lost.
        ConditionExpression: `attribute_exists(seq) AND (${IS_FREE})`,
        ExpressionAttributeValues: {
          ':worker': { S: worker },
          ':until': { N: String(until) },
          ':now': { N: String(now) },
        },
        ReturnValues: 'ALL_NEW',
      });
      const taken = await unlessConditionFails(client.send(command));
      return taken && packedHeadFrom(taken.Attributes);
    },

    async finish(channel, worker, delivered) {
      const command = new UpdateItemCommand({
        ...keyed(channel),
        UpdateExpression: 'SET delivered = :delivered REMOVE turnOf, turnUntil',
        ConditionExpression: 'turnOf = :worker',
        ExpressionAttributeValues: { ':worker': { S: worker }, ':delivered': { N: String(delivered) } },
      });
      await conditionHolds(client.send(command));
    },
  };
}

function packedHeadFrom(item: Item = {}): PackedHead {
  const delivered = item['delivered']?.N;
  return { ...headFrom(item), ...(delivered !== undefined && { delivered: Number(delivered) }) };
}
