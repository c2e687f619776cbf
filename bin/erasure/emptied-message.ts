/**
 * Takes content and author out of messages. Their numbers stay, because a number without a record is a hole: readers would wait for its
 * writer, seal it, and positions of clients would point to nothing.
 */

import * as v from 'valibot';
import type { Item } from '../../lambdas/aws/record-item.ts';
import { byAuthor, type Rewriting } from './finding.ts';

/** The messages of one publish are one item, with a line of JSON for each. They have one author. Names are the author's words, too. */
export function emptiedMessages(item: Item, user: string): Rewriting {
  return item['replaces'] ? emptiedEdit(user) : emptiedPublish(item, user);
}

/**
 * The form of a deleted message. It changes `edits`, which is the version of the publish: the edit of another message of the publish,
 * which was read before, would otherwise bring the content back.
 */
function emptiedPublish(item: Item, user: string): Rewriting {
  const lines = (item['data']?.S ?? '').split('\n');
  const known = editsIn(item);
  const edits = lines.map((_line, index) => ({ removed: known[index] || Number(item['seq']?.N) + index }));
  const author = byAuthor(user);
  return {
    UpdateExpression: 'SET #data = :empty, #edits = :edits REMOVE #from, #names',
    ConditionExpression: author.ConditionExpression,
    ExpressionAttributeNames: {
      ...author.ExpressionAttributeNames,
      '#data': 'data',
      '#edits': 'edits',
      '#names': 'names',
    },
    ExpressionAttributeValues: {
      ...author.ExpressionAttributeValues,
      ':empty': { S: lines.map(() => 'null').join('\n') },
      ':edits': { S: JSON.stringify(edits) },
    },
  };
}

/** An edit has no content of its own. */
function emptiedEdit(user: string): Rewriting {
  const author = byAuthor(user);
  return {
    UpdateExpression: 'SET #removed = :true REMOVE #from',
    ConditionExpression: author.ConditionExpression,
    ExpressionAttributeNames: { ...author.ExpressionAttributeNames, '#removed': 'removed' },
    ExpressionAttributeValues: { ...author.ExpressionAttributeValues, ':true': { BOOL: true } },
  };
}

/** For each message of a publish the number of its newest edit, or 0. */
const edits = v.pipe(
  v.string(),
  v.parseJson(),
  v.array(v.union([v.number(), v.object({ removed: v.number() })])),
);

function editsIn(item: Item): readonly number[] {
  const stored = item['edits']?.S;
  if (stored === undefined) return [];
  return v.parse(edits, stored).map((one) => (typeof one === 'number' ? one : one.removed));
}
