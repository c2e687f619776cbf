/** Finds the keys of the items that a request may write. */

import * as v from 'valibot';
import { type Item, item } from './attribute-values.ts';

export interface ItemKey {
  readonly tableName: string;
  readonly key: Item;
}

/** The names of a table's key attributes. `undefined` for tables whose stream is not read. */
export type KeyNames = (tableName: string) => readonly string[] | undefined;

/** The attributes that contain the key: a whole item, or the key alone. */
interface Written {
  readonly tableName: string;
  readonly attributes: Item;
}

const put = v.object({ TableName: v.string(), Item: item });
const keyed = v.object({ TableName: v.string(), Key: item });

const batch = v.object({
  RequestItems: v.record(
    v.string(),
    v.array(
      v.union([
        v.object({ PutRequest: v.object({ Item: item }) }),
        v.object({ DeleteRequest: v.object({ Key: item }) }),
      ]),
    ),
  ),
});

const transaction = v.object({
  TransactItems: v.array(
    v.object({ Put: v.optional(put), Update: v.optional(keyed), Delete: v.optional(keyed) }),
  ),
});

const ofPut = ({ TableName, Item }: v.InferOutput<typeof put>): Written => ({
  tableName: TableName,
  attributes: Item,
});

const ofKeyed = ({ TableName, Key }: v.InferOutput<typeof keyed>): Written => ({
  tableName: TableName,
  attributes: Key,
});

/** A request with another shape writes nothing, because the store refuses it. */
const operations = new Map<string, (body: unknown) => Written[]>([
  ['PutItem', reading(put, (request) => [ofPut(request)])],
  ['UpdateItem', reading(keyed, (request) => [ofKeyed(request)])],
  ['DeleteItem', reading(keyed, (request) => [ofKeyed(request)])],
  ['BatchWriteItem', reading(batch, ofBatch)],
  ['TransactWriteItems', reading(transaction, ofTransaction)],
]);

export function isWrite(operation: string): boolean {
  return operations.has(operation);
}

/** Each item of a streamed table that the request may write, once. */
export function writtenKeys(operation: string, body: unknown, keyNames: KeyNames): ItemKey[] {
  const written = operations.get(operation)?.(body) ?? [];
  const keys = written.flatMap(({ tableName, attributes }) => {
    const names = keyNames(tableName);
    return names ? keyAmong(names, attributes, tableName) : [];
  });
  return [...new Map(keys.map((key) => [keyId(key), key])).values()];
}

/**
 * Equal items have equal texts. Two numbers that round to the same double share a text. The only effect is that their requests
 * wait for each other.
 */
export function keyId({ tableName, key }: ItemKey): string {
  const values = Object.entries(key).map(([name, { S, N, B }]) => [name, S, N && Number(N), B]);
  return JSON.stringify([tableName, values]);
}

function keyAmong(names: readonly string[], attributes: Item, tableName: string): ItemKey[] {
  const key = names.flatMap((name) => {
    const value = attributes[name];
    return value ? [[name, value] as const] : [];
  });
  return key.length === names.length ? [{ tableName, key: Object.fromEntries(key) }] : [];
}

function ofBatch({ RequestItems }: v.InferOutput<typeof batch>): Written[] {
  return Object.entries(RequestItems).flatMap(([tableName, requests]) =>
    requests.map((request) => ({
      tableName,
      attributes: 'PutRequest' in request ? request.PutRequest.Item : request.DeleteRequest.Key,
    })),
  );
}

function ofTransaction({ TransactItems }: v.InferOutput<typeof transaction>): Written[] {
  return TransactItems.flatMap(({ Put, Update, Delete }) => [
    ...(Put ? [ofPut(Put)] : []),
    ...(Update ? [ofKeyed(Update)] : []),
    ...(Delete ? [ofKeyed(Delete)] : []),
  ]);
}

function reading<Schema extends v.GenericSchema>(
  schema: Schema,
  read: (request: v.InferOutput<Schema>) => Written[],
): (body: unknown) => Written[] {
  return (body) => {
    const { success, output } = v.safeParse(schema, body);
    return success ? read(output) : [];
  };
}
