/** The parts of a transaction of writes, and how a store without transactions does and undoes each of them. */

import * as v from 'valibot';
import { type Item, item } from './attribute-values.ts';
import type { Send, StoreAnswer } from './store-answer.ts';

const common = { TableName: v.string(), ReturnValuesOnConditionCheckFailure: v.optional(v.string()) };
const put = v.looseObject({ ...common, Item: item });
const keyed = v.looseObject({ ...common, Key: item });

/** Each part has exactly one member. */
export const writePart = v.union([
  v.strictObject({ Put: put }),
  v.strictObject({ Update: keyed }),
  v.strictObject({ Delete: keyed }),
  v.strictObject({ ConditionCheck: keyed }),
]);

type WritePart = v.InferOutput<typeof writePart>;

/** One item that a transaction writes or checks. */
export interface TransactedItem {
  readonly tableName: string;
  /** The whole item, or its key alone. */
  readonly attributes: Item;
  /** Whether a failed condition answers the stored item. */
  readonly tellsItem: boolean;
  /** Runs the part under its condition. The answer has the item before as `Attributes`. */
  attempt(send: Send): Promise<StoreAnswer>;
  /** Whether a successful attempt has to be undone. */
  readonly writes: boolean;
}

export function transactedItem(part: WritePart): TransactedItem {
  if ('Put' in part) return written('PutItem', part.Put, part.Put.Item);
  if ('Update' in part) return written('UpdateItem', part.Update, part.Update.Key);
  if ('Delete' in part) return written('DeleteItem', part.Delete, part.Delete.Key);
  return checked(part.ConditionCheck);
}

type Request = v.InferOutput<typeof put> | v.InferOutput<typeof keyed>;

function written(operation: string, request: Request, attributes: Item): TransactedItem {
  const { ReturnValuesOnConditionCheckFailure: onFailure, ...own } = request;
  return {
    tableName: request.TableName,
    attributes,
    tellsItem: onFailure === 'ALL_OLD',
    attempt: (send) => send(operation, { ...own, ReturnValues: 'ALL_OLD' }),
    writes: true,
  };
}

/** The store checks conditions of writes only, so this write changes nothing: the item as it is, or the deletion of no item. */
function checked({
  ReturnValuesOnConditionCheckFailure: onFailure,
  Key,
  ...own
}: v.InferOutput<typeof keyed>): TransactedItem {
  return {
    tableName: own.TableName,
    attributes: Key,
    tellsItem: onFailure === 'ALL_OLD',
    async attempt(send) {
      const { status, body } = await send('GetItem', { TableName: own.TableName, Key, ConsistentRead: true });
      const { Item } = body;
      if (status !== 200 || Item === undefined) return send('DeleteItem', { ...own, Key });
      return send('PutItem', { ...own, Item });
    },
    writes: false,
  };
}
