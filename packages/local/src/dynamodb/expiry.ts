/** Deletes items whose time to live is over. DynamoDB does the same with a delay. */

import * as v from 'valibot';
import type { StreamedTable } from '../template/event-source-model.ts';
import { type Item, item } from './attribute-values.ts';
import type { ChangeCapture } from './change-capture.ts';
import type { Send } from './store-answer.ts';
import type { UserIdentity } from './stream-record.ts';
import type { TransactionGate } from './transaction-gate.ts';

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html */
const TIME_TO_LIVE: UserIdentity = { type: 'Service', principalId: 'dynamodb.amazonaws.com' };

/** DynamoDB keeps items that expired more than five years ago. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html */
const FIVE_YEARS_SECONDS = 5 * 365 * 24 * 60 * 60;

/** How a sweep reads items, and deletes them with a stream record. */
export interface Reach {
  readonly send: Send;
  readonly gate: TransactionGate;
  readonly capture: ChangeCapture;
}

const page = v.object({ Items: v.array(item), LastEvaluatedKey: v.optional(item) });

/** Whether an item has expired. An attribute that is not a number of seconds never expires. */
export function isExpired(attributes: Item, ttlAttribute: string, nowSeconds: number): boolean {
  const expiresAt = Number(attributes[ttlAttribute]?.['N'] ?? Number.NaN);
  return expiresAt <= nowSeconds && expiresAt > nowSeconds - FIVE_YEARS_SECONDS;
}

/** @param now Milliseconds since 1970. */
export async function expireItems(
  tables: readonly StreamedTable[],
  reach: Reach,
  now: number,
): Promise<void> {
  for (const table of tables) {
    const { ttlAttribute } = table;
    if (ttlAttribute === undefined) continue;
    for await (const attributes of itemsOf(table, reach.send))
      if (isExpired(attributes, ttlAttribute, now / 1000))
        await expire(attributes, table, ttlAttribute, reach);
  }
}

async function* itemsOf({ name: TableName }: StreamedTable, send: Send): AsyncGenerator<Item> {
  let start: Item | undefined;
  do {
    const { body } = await send('Scan', { TableName, ...(start && { ExclusiveStartKey: start }) });
    const { Items, LastEvaluatedKey } = v.parse(page, body);
    yield* Items;
    start = LastEvaluatedKey;
  } while (start);
}

/** The deletion has a condition, because a write may have prolonged the item since the sweep has read it. */
async function expire(
  attributes: Item,
  { name: TableName, keyNames }: StreamedTable,
  ttlAttribute: string,
  { send, gate, capture }: Reach,
): Promise<void> {
  const request = {
    TableName,
    Key: Object.fromEntries(keyNames.map((name) => [name, attributes[name]])),
    ConditionExpression: '#ttl = :seen',
    ExpressionAttributeNames: { '#ttl': ttlAttribute },
    ExpressionAttributeValues: { ':seen': attributes[ttlAttribute] },
  };
  const leave = await gate.enter();
  try {
    await capture.around('DeleteItem', request, () => send('DeleteItem', request), TIME_TO_LIVE);
  } finally {
    leave();
  }
}
