/** Conditional writes for which a failed condition is a result, not an error. */

import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';

/** False when the condition did not hold; every other error is thrown. */
export async function conditionHolds(write: Promise<object>): Promise<boolean> {
  return (await unlessConditionFails(write)) !== undefined;
}

/** `undefined` when the condition did not hold; every other error is thrown. */
export async function unlessConditionFails<Output extends object>(
  write: Promise<Output>,
): Promise<Output | undefined> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}
