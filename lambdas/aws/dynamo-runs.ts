/** Runs of idempotent actions in DynamoDB, beside the retry keys of publishes. An attempt costs two writes. */

import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Run, RunState, RunStore } from '../own-actions/run-store.ts';
import { conditionHolds } from './condition.ts';
import type { Item } from './record-item.ts';

/**
 * A request that the SDK repeats, because only its answer was lost, finds its own attempt and is content. Expired items may still be
 * there (PX-8).
 */
const FREE_OR_MINE =
  'attribute_not_exists(#owner) OR expiresAt <= :seconds OR (attribute_not_exists(outcome) AND (#owner = :owner OR leaseUntil <= :now))';

const names = { '#owner': 'owner' };

export function dynamoRuns(client: DynamoDBClient, table: string): RunStore {
  const keyed = ({ runKey }: Run) => ({ TableName: table, Key: { publishKey: { S: runKey } } });

  return {
    async begin(run, { now, leaseUntil, expiresAt }) {
      const command = new UpdateItemCommand({
        ...keyed(run),
        UpdateExpression:
          'SET #owner = :owner, leaseUntil = :leaseUntil, expiresAt = :expiresAt REMOVE outcome',
        ConditionExpression: FREE_OR_MINE,
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: {
          ':owner': { S: run.owner },
          ':leaseUntil': { N: String(leaseUntil) },
          ':expiresAt': { N: String(Math.ceil(expiresAt / 1000)) },
          ':now': { N: String(now) },
          ':seconds': { N: String(Math.floor(now / 1000)) },
        },
        // DynamoDB returns the item that failed the condition, so no second read is needed.
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      try {
        await client.send(command);
        return { kind: 'begun' };
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException && error.Item) return stateFrom(error.Item);
        throw error;
      }
    },

    finish(run, outcome) {
      const command = new UpdateItemCommand({
        ...keyed(run),
        UpdateExpression: 'SET outcome = :outcome',
        ConditionExpression: '#owner = :owner',
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: { ':owner': { S: run.owner }, ':outcome': { S: outcome } },
      });
      return conditionHolds(client.send(command));
    },

    async giveUp(run) {
      const command = new UpdateItemCommand({
        ...keyed(run),
        UpdateExpression: 'SET leaseUntil = :ended',
        ConditionExpression: '#owner = :owner',
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: { ':owner': { S: run.owner }, ':ended': { N: '0' } },
      });
      await conditionHolds(client.send(command));
    },
  };
}

function stateFrom({ outcome, leaseUntil }: Item): RunState {
  if (outcome?.S !== undefined) return { kind: 'finished', outcome: outcome.S };
  return { kind: 'running', leaseUntil: Number(leaseUntil?.N) };
}
