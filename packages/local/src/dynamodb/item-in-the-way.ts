/** Adds the item that made a condition fail, for requests that ask for it. The store behind does not return it. */

import * as v from 'valibot';
import { item } from './attribute-values.ts';
import type { Send } from './store-answer.ts';
import { CONTENT_TYPE, type RawAnswer } from './store-behind.ts';

const WISH = 'ReturnValuesOnConditionCheckFailure';

/** Only updates and deletions are served. */
const request = v.object({ TableName: v.string(), Key: item, [WISH]: v.literal('ALL_OLD') });

const refusal = v.looseObject({
  __type: v.pipe(v.string(), v.endsWith('ConditionalCheckFailedException')),
});

const found = v.object({ Item: v.optional(item) });

/**
 * Returns the answer unchanged, or a failed condition with the `Item`. The item is read a moment after the condition has failed.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
 */
export async function withItemInTheWay(body: Buffer, answer: RawAnswer, send: Send): Promise<RawAnswer> {
  if (answer.status !== 400 || !body.includes(WISH)) return answer;
  const asked = v.safeParse(request, JSON.parse(body.toString()));
  const refused = v.safeParse(refusal, JSON.parse(answer.body));
  if (!asked.success || !refused.success) return answer;
  const { TableName, Key } = asked.output;
  const { Item } = v.parse(found, (await send('GetItem', { TableName, Key, ConsistentRead: true })).body);
  if (!Item) return answer;
  // The length and the checksum belong to the old body, and are removed.
  const headers = { 'Content-Type': CONTENT_TYPE };
  return { status: answer.status, headers, body: JSON.stringify({ ...refused.output, Item }) };
}
