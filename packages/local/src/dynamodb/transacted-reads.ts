/**
 * TransactGetItems for a store without it. While no other request runs, each item is read.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html
 */

import * as v from 'valibot';
import { item } from './attribute-values.ts';
import { refusal, type Send, type StoreAnswer } from './store-answer.ts';
import { transactionMistake } from './transaction-mistakes.ts';

const get = v.looseObject({ TableName: v.string(), Key: item });
const reads = v.object({ TransactItems: v.array(v.strictObject({ Get: get })) });

const OK = 200;

/** The caller must make sure that no other request runs at the same time. */
export async function transactGetItems(request: unknown, send: Send): Promise<StoreAnswer> {
  const parsed = v.safeParse(reads, request);
  if (!parsed.success) return refusal({ message: 'TransactItems can only contain Get' });
  const gets = parsed.output.TransactItems.map(({ Get }) => Get);
  const mistake = transactionMistake(gets.map(({ TableName, Key }) => ({ tableName: TableName, key: Key })));
  if (mistake) return refusal(mistake);
  const answers = await Promise.all(gets.map((one) => send('GetItem', { ...one, ConsistentRead: true })));
  const refused = answers.find(({ status }) => status !== OK);
  if (refused) return refused;
  return {
    status: OK,
    body: { Responses: answers.map(({ body: { Item } }) => (Item === undefined ? {} : { Item })) },
  };
}
