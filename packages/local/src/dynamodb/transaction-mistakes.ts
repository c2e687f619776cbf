/** What DynamoDB refuses in every transaction: no item, too many of them, or one item twice. */

import type { Mistake } from './store-answer.ts';
import { type ItemKey, keyId } from './written-keys.ts';

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
const MOST_ITEMS = 100;

export function transactionMistake(keys: readonly ItemKey[]): Mistake | undefined {
  if (keys.length === 0) return lengthMistake('greater than or equal to 1');
  if (keys.length > MOST_ITEMS) return lengthMistake(`less than or equal to ${MOST_ITEMS}`);
  if (new Set(keys.map(keyId)).size < keys.length)
    return { message: 'Transaction request cannot include multiple operations on one item' };
  return undefined;
}

function lengthMistake(bound: string): Mistake {
  return {
    message: `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length ${bound}`,
  };
}
