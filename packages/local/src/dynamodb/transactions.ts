/**
 * TransactWriteItems for a store without it. While no other request runs, each item is put under its own condition. If one put is
 * refused, the replaced items are put back.
 */

import * as v from 'valibot';

const item = v.record(v.string(), v.unknown());

const put = v.looseObject({
  TableName: v.string(),
  Item: item,
  ReturnValuesOnConditionCheckFailure: v.optional(v.string()),
});

/** Only puts are served. */
const transaction = v.object({ TransactItems: v.array(v.strictObject({ Put: put })) });

const description = v.object({
  Table: v.object({ KeySchema: v.array(v.object({ AttributeName: v.string() })) }),
});

type Put = v.InferOutput<typeof put>;

/** Sends one request to the store behind, and returns status and body. */
export type Send = (operation: string, body: object) => Promise<StoreAnswer>;

export interface StoreAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A put that was tried, and the item that it replaced. */
interface Attempt {
  readonly put: Put;
  readonly answer: StoreAnswer;
}

const OK = 200;
const VALIDATION = 'com.amazon.coral.validate#ValidationException';
const CANCELLED = 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException';

/** Runs a transaction. The caller must make sure that no other request runs at the same time. */
export async function transactWriteItems(request: unknown, send: Send): Promise<StoreAnswer> {
  const parsed = v.safeParse(transaction, request);
  if (!parsed.success) return failure(VALIDATION, 'The embedded store knows transactions of puts only.');
  const attempts: Attempt[] = [];
  for (const { Put } of parsed.output.TransactItems) attempts.push(await tryPut(Put, send));
  const failed = attempts.filter(({ answer }) => answer.status !== OK);
  if (failed.length === 0) return { status: OK, body: {} };
  for (const attempt of attempts) if (attempt.answer.status === OK) await undo(attempt, send);
  const broken = failed.find(({ answer }) => !isConditionFailure(answer));
  if (broken) return broken.answer;
  const CancellationReasons = await Promise.all(attempts.map((attempt) => reasonOf(attempt, send)));
  return failure(CANCELLED, 'Transaction cancelled', { CancellationReasons });
}

async function tryPut(put: Put, send: Send): Promise<Attempt> {
  const { ReturnValuesOnConditionCheckFailure: _, ...request } = put;
  return { put, answer: await send('PutItem', { ...request, ReturnValues: 'ALL_OLD' }) };
}

async function undo({ put: { TableName, Item }, answer }: Attempt, send: Send): Promise<void> {
  const { Attributes } = answer.body;
  if (Attributes) await send('PutItem', { TableName, Item: Attributes });
  else await send('DeleteItem', { TableName, Key: await keyOf(TableName, Item, send) });
}

async function reasonOf({ put, answer }: Attempt, send: Send): Promise<object> {
  if (answer.status === OK) return { Code: 'None' };
  const reason = { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' };
  if (put.ReturnValuesOnConditionCheckFailure !== 'ALL_OLD') return reason;
  const { TableName, Item } = put;
  const Key = await keyOf(TableName, Item, send);
  const { body } = await send('GetItem', { TableName, Key, ConsistentRead: true });
  return { ...reason, Item: body['Item'] };
}

async function keyOf(TableName: string, values: Put['Item'], send: Send): Promise<object> {
  const { body } = await send('DescribeTable', { TableName });
  const { Table } = v.parse(description, body);
  return Object.fromEntries(
    Table.KeySchema.map(({ AttributeName }) => [AttributeName, values[AttributeName]]),
  );
}

function isConditionFailure({ body }: StoreAnswer): boolean {
  return String(body['__type']).endsWith('ConditionalCheckFailedException');
}

function failure(type: string, message: string, more: object = {}): StoreAnswer {
  return { status: 400, body: { __type: type, message, ...more } };
}
