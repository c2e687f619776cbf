/** Conditional writes whose failed condition is an answer, not an error. */

import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';

/** False when the condition did not hold; whatever else goes wrong is thrown. */
export async function conditionHolds(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
