/**
 * TransactWriteItems for a store without it. While no other request runs, each item is written under its own condition. If one
 * condition fails, the items before are put back.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */

import * as v from 'valibot';
import type { Item } from './attribute-values.ts';
import { refusal, type Send, type StoreAnswer } from './store-answer.ts';
import { transactionMistake } from './transaction-mistakes.ts';
import { type TransactedItem, transactedItem, writePart } from './transaction-parts.ts';

const transaction = v.object({ TransactItems: v.array(writePart) });

const description = v.object({
  Table: v.object({ KeySchema: v.array(v.object({ AttributeName: v.string() })) }),
});

/** An item that a transaction has tried. */
interface Attempt extends Keyed {
  readonly answer: StoreAnswer;
}

interface Keyed {
  readonly one: TransactedItem;
  readonly key: Item;
}

const OK = 200;
const CANCELLED = 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException';

/** Runs a transaction. The caller must make sure that no other request runs at the same time. */
export async function transactWriteItems(request: unknown, send: Send): Promise<StoreAnswer> {
  const parsed = v.safeParse(transaction, request);
  if (!parsed.success)
    return refusal({ message: 'TransactItems can only contain one of Check, Put, Update or Delete' });
  const items = parsed.output.TransactItems.map(transactedItem);
  const keyNames = await keyNamesOf(items, send);
  if ('status' in keyNames) return keyNames;
  const keyed = items.map((one) => ({
    one,
    key: keyAmong(one.attributes, keyNames.get(one.tableName) ?? []),
  }));
  const mistake = transactionMistake(keyed.map(({ one, key }) => ({ tableName: one.tableName, key })));
  if (mistake) return refusal(mistake);
  return attemptAll(keyed, send);
}

async function attemptAll(items: readonly Keyed[], send: Send): Promise<StoreAnswer> {
  const attempts: Attempt[] = [];
  for (const item of items) attempts.push({ ...item, answer: await item.one.attempt(send) });
  const failed = attempts.filter(({ answer }) => answer.status !== OK);
  if (failed.length === 0) return { status: OK, body: {} };
  for (const attempt of attempts)
    if (attempt.answer.status === OK && attempt.one.writes) await undo(attempt, send);
  const broken = failed.find(({ answer }) => !isConditionFailure(answer));
  if (broken) return broken.answer;
  const CancellationReasons = await Promise.all(attempts.map((attempt) => reasonOf(attempt, send)));
  const codes = CancellationReasons.map(({ Code }) => Code).join(', ');
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  return { status: 400, body: { __type: CANCELLED, message, CancellationReasons } };
}

async function undo({ one: { tableName: TableName }, key, answer }: Attempt, send: Send): Promise<void> {
  const { Attributes } = answer.body;
  if (Attributes) await send('PutItem', { TableName, Item: Attributes });
  else await send('DeleteItem', { TableName, Key: key });
}

async function reasonOf({ one, key, answer }: Attempt, send: Send): Promise<{ readonly Code: string }> {
  if (answer.status === OK) return { Code: 'None' };
  const reason = { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' };
  if (!one.tellsItem) return reason;
  const { body } = await send('GetItem', { TableName: one.tableName, Key: key, ConsistentRead: true });
  return { ...reason, ...(body['Item'] !== undefined && { Item: body['Item'] }) };
}

/** @returns the names of the key attributes of each table, or the refusal of the store for a table that is not there. */
async function keyNamesOf(
  items: readonly TransactedItem[],
  send: Send,
): Promise<ReadonlyMap<string, readonly string[]> | StoreAnswer> {
  const names = new Map<string, readonly string[]>();
  for (const { tableName } of items) {
    if (names.has(tableName)) continue;
    const answer = await send('DescribeTable', { TableName: tableName });
    if (answer.status !== OK) return answer;
    const { Table } = v.parse(description, answer.body);
    names.set(
      tableName,
      Table.KeySchema.map(({ AttributeName }) => AttributeName),
    );
  }
  return names;
}

/** A key without one of its attributes is refused by the store itself. */
function keyAmong(attributes: Item, names: readonly string[]): Item {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = attributes[name];
      return value ? [[name, value] as const] : [];
    }),
  );
}

function isConditionFailure({ body }: StoreAnswer): boolean {
  return String(body['__type']).endsWith('ConditionalCheckFailedException');
}
