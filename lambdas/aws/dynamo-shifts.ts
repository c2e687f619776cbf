/** The shift of the worker of the due list in DynamoDB: one item beside the presence of users. */

import {
  type DynamoDBClient,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { Shift, ShiftStore } from '../realtime/presence/presence-store.ts';
import { conditionHolds, unlessConditionFails } from './condition.ts';
import type { Item } from './record-item.ts';

/** No channel has a `#`. `worker` may be a reserved word one day. */
const KEY = { channel: { S: '#shift' }, user: { S: '-' } };
const NAMES = { '#worker': 'worker', '#until': 'shiftUntil' } as const;

export function dynamoShifts(client: DynamoDBClient, table: string): ShiftStore {
  const update = (input: Omit<UpdateItemCommandInput, 'TableName' | 'Key'>) =>
    client.send(new UpdateItemCommand({ TableName: table, Key: KEY, ...input }));

  return {
    async note() {
      const { Attributes } = await update({
        UpdateExpression: 'ADD notes :one',
        ExpressionAttributeValues: { ':one': number(1) },
        ReturnValues: 'ALL_NEW',
      });
      return shiftFrom(Attributes);
    },

    async take(worker, { now, until }) {
      const taken = await unlessConditionFails(
        update({
          UpdateExpression: 'SET #worker = :worker, #until = :until',
          ConditionExpression: 'attribute_not_exists(#until) OR #until <= :now OR #worker = :worker',
          ExpressionAttributeNames: NAMES,
          ExpressionAttributeValues: {
            ':worker': { S: worker },
            ':until': number(until),
            ':now': number(now),
          },
          ReturnValues: 'ALL_NEW',
        }),
      );
      return taken && shiftFrom(taken.Attributes);
    },

    end(worker, notes) {
      const ended = update({
        UpdateExpression: 'SET #until = :zero',
        ConditionExpression: `#worker = :worker AND #until > :zero AND ${notes > 0 ? 'notes = :notes' : 'attribute_not_exists(notes)'}`,
        ExpressionAttributeNames: NAMES,
        ExpressionAttributeValues: {
          ':worker': { S: worker },
          ':zero': number(0),
          ...(notes > 0 && { ':notes': number(notes) }),
        },
      });
      return conditionHolds(ended);
    },
  };
}

function shiftFrom(item: Item = {}): Shift {
  return {
    worker: item['worker']?.S ?? '',
    until: Number(item['shiftUntil']?.N ?? 0),
    notes: Number(item['notes']?.N ?? 0),
  };
}

function number(value: number): { readonly N: string } {
  return { N: String(value) };
}
