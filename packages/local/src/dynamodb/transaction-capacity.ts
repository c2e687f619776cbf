/** What a transaction of writes costs: twice what each of them would alone. */

import * as v from 'valibot';
import type { ConsumedCapacity } from '../bill/meter.ts';
import { writeUnits } from '../bill/metered-units.ts';
import { item, itemSize } from './attribute-values.ts';

const write = v.object({ TableName: v.string(), Item: v.optional(item, {}) });

const transaction = v.object({
  TransactItems: v.array(
    v.object({
      Put: v.optional(write),
      Update: v.optional(write),
      Delete: v.optional(write),
      ConditionCheck: v.optional(write),
    }),
  ),
});

/** One unit to prepare, and one to commit. */
const PHASES = 2;

/**
 * By the size of what is put; of other writes, and of what they replace, a kilobyte is assumed. A cancelled transaction
 * counts like any other: AWS does not say which of its phases are free.
 */
export function transactionCapacity(body: unknown): ConsumedCapacity[] {
  const { success, output } = v.safeParse(transaction, body);
  if (!success) return [];
  return output.TransactItems.flatMap(({ Put, Update, Delete, ConditionCheck }) =>
    [Put, Update, Delete, ConditionCheck].flatMap((one) =>
      one
        ? [
            {
              kind: 'write' as const,
              tableName: one.TableName,
              units: PHASES * writeUnits(itemSize(one.Item)),
            },
          ]
        : [],
    ),
  );
}
