/** Computes DynamoDB's units from reads and writes. */

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { subscriptionItem } from '../../lambdas/aws/subscription-item.ts';
import type { Subscription } from '../../lambdas/realtime/connections/subscription-store.ts';

/** Bytes that one unit reads with strong consistency. A query is rounded up once, for all of its items. */
const READ_UNIT_BYTES = 4 * 1024;

const WRITE_UNIT_BYTES = 1024;

export function readUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES));
}

export function writeUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / WRITE_UNIT_BYTES));
}

export function subscriptionBytes(subscription: Subscription): number {
  return Object.entries(subscriptionItem(subscription)).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value),
    0,
  );
}

/** A number takes a byte for two digits, and one more. */
function valueBytes({ S, N }: AttributeValue): number {
  if (S !== undefined) return Buffer.byteLength(S);
  return N === undefined ? 0 : Math.ceil(N.length / 2) + 1;
}
