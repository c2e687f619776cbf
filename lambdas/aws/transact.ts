/** All-or-nothing writes, with the reason for each item that was refused. */

import {
  type CancellationReason,
  type DynamoDBClient,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { retry } from './retry.ts';

/** The code of the reason when the condition of the item did not hold. */
const CONDITION_FAILED = 'ConditionalCheckFailed';

/** The items whose condition failed, by index; `undefined` when everything was written. */
export type Refusals = ReadonlyMap<number, CancellationReason> | undefined;

/** @throws the SDK's error when the transaction fails for another reason than a condition. */
export async function transact(client: DynamoDBClient, items: TransactWriteItem[]): Promise<Refusals> {
  let conflict: TransactionCanceledException | undefined;
  const refusals = await retry(async () => {
    try {
      await client.send(new TransactWriteItemsCommand({ TransactItems: items }));
      return NO_REFUSALS;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      conflict = error;
      const failed = refusalsOf(error);
      // Two transactions on one item at the same moment: DynamoDB cancels one of them without a failed condition.
      return failed.size > 0 ? failed : undefined;
    }
  });
  if (!refusals) throw conflict;
  return refusals.size > 0 ? refusals : undefined;
}

const NO_REFUSALS: ReadonlyMap<number, CancellationReason> = new Map();

function refusalsOf({
  CancellationReasons = [],
}: TransactionCanceledException): Map<number, CancellationReason> {
  const reasons = [...CancellationReasons.entries()];
  return new Map(reasons.filter(([, { Code }]) => Code === CONDITION_FAILED));
}
