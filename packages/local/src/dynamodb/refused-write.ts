/** The cost of a write whose condition failed: the size of the existing item counts. */

import * as v from 'valibot';
import type { ConsumedCapacity } from '../bill/meter.ts';
import { writeUnits } from '../bill/metered-units.ts';
import { item, itemSize } from './attribute-values.ts';
import type { Send } from './store-answer.ts';
import type { RawAnswer } from './store-behind.ts';

const write = v.object({
  TableName: v.string(),
  Key: v.optional(item),
  Item: v.optional(item),
});

const description = v.object({
  Table: v.object({ KeySchema: v.array(v.object({ AttributeName: v.string() })) }),
});

const found = v.object({ Item: v.optional(item) });

/**
 * Returns nothing if the write was refused for another reason than its condition.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html#WorkingWithItems.ConditionalUpdate
 */
export async function refusedWrite(body: Buffer, answer: RawAnswer, send: Send): Promise<ConsumedCapacity[]> {
  if (answer.status !== 400 || !answer.body.includes('ConditionalCheckFailedException')) return [];
  const { TableName, Key, Item = {} } = v.parse(write, JSON.parse(body.toString()));
  const key = Key ?? (await keyOf(TableName, Item, send));
  const existing = await send('GetItem', { TableName, Key: key, ConsistentRead: true });
  const size = itemSize(v.parse(found, existing.body).Item ?? {});
  return [{ kind: 'write', tableName: TableName, units: writeUnits(size) }];
}

async function keyOf(TableName: string, values: v.InferOutput<typeof item>, send: Send) {
  const { body } = await send('DescribeTable', { TableName });
  const { Table } = v.parse(description, body);
  return Object.fromEntries(
    Table.KeySchema.map(({ AttributeName }) => [AttributeName, values[AttributeName]]),
  );
}
