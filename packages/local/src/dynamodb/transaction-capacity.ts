/** The cost of a transaction: twice the cost of each single write, and of each single consistent read. */

import * as v from 'valibot';
import type { ConsumedCapacity } from '../bill/meter.ts';
import { readUnits, writeUnits } from '../bill/metered-units.ts';
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

/** DynamoDB charges one unit to prepare and one to commit. */
const PHASES = 2;

/**
 * A put counts by the size of its item. Every other write, and every replaced item, is assumed to have 1 KB. A cancelled transaction
 * costs the same, because AWS does not document which of its phases are free.
 */
export function capacityOfWrites(body: unknown): ConsumedCapacity[] {
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

const reads = v.object({ TransactItems: v.array(v.object({ Get: v.object({ TableName: v.string() }) })) });

const responses = v.object({ Responses: v.array(v.object({ Item: v.optional(item, {}) })) });

/** @param answered what the transaction answered. A refused one costs nothing here. */
export function capacityOfReads(body: unknown, answered: unknown): ConsumedCapacity[] {
  const asked = v.safeParse(reads, body);
  const told = v.safeParse(responses, answered);
  if (!asked.success || !told.success) return [];
  return asked.output.TransactItems.map(({ Get }, at) => ({
    kind: 'read' as const,
    tableName: Get.TableName,
    units: PHASES * readUnits(itemSize(told.output.Responses[at]?.Item ?? {})),
  }));
}
