/** All-or-nothing writes, with the reason for each item that was refused. */

import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CancellationReason,
  type DynamoDBClient,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';

/** What a reason's code says when the item's condition did not hold. */
const CONDITION_FAILED = 'ConditionalCheckFailed';

/** Two transactions on one item at the same moment: one is cancelled for no fault of its own, and tries again. */
const TRIES = 6;
const FIRST_PAUSE_MS = 20;

/** The items whose condition failed, by index; `undefined` when everything was written. */
export type Refusals = ReadonlyMap<number, CancellationReason> | undefined;

/** @throws the SDK's error when the transaction fails for another reason than a condition. */
export async function transact(client: DynamoDBClient, items: TransactWriteItem[]): Promise<Refusals> {
  for (let attempt = 1; ; attempt++) {
    try {
      await client.send(new TransactWriteItemsCommand({ TransactItems: items }));
      return undefined;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const refusals = refusalsOf(error);
      if (refusals.size > 0) return refusals;
      if (attempt === TRIES) throw error;
    }
    await sleep(FIRST_PAUSE_MS * 2 ** attempt * Math.random());
  }
}

function refusalsOf({
  CancellationReasons = [],
}: TransactionCanceledException): Map<number, CancellationReason> {
  const reasons = [...CancellationReasons.entries()];
  return new Map(reasons.filter(([, { Code }]) => Code === CONDITION_FAILED));
}
