/** The size of an item as DynamoDB bills it, for the estimate of a dry run. */

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Item } from '../../lambdas/aws/record-item.ts';

/** DynamoDB bills writes by the kilobyte, and a deletion by the size of what it deletes. */
const WRITE_UNIT_BYTES = 1_024;

export function writeUnitsOf(item: Item): number {
  return Math.ceil(itemBytes(item) / WRITE_UNIT_BYTES);
}

function itemBytes(item: Item): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value),
    0,
  );
}

/** A container has three bytes of its own. A number has a byte for two digits, and one more. */
function valueBytes({ S, N, B, M, L }: AttributeValue): number {
  if (S !== undefined) return Buffer.byteLength(S);
  if (N !== undefined) return Math.ceil(N.length / 2) + 1;
  if (B !== undefined) return B.byteLength;
  if (M !== undefined) return itemBytes(M) + 3;
  if (L !== undefined) return L.reduce((sum, value) => sum + valueBytes(value) + 1, 3);
  return 1;
}
