/** What an item is to a user, and what the erasure does with it. */

import type { UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import type { Item } from '../../lambdas/aws/record-item.ts';
import type { Subject } from './subject.ts';

type Expressions = Pick<
  UpdateItemCommandInput,
  'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;

/** An update that takes the user's content and name out of an item. */
export type Rewriting = Expressions & { readonly UpdateExpression: string };

export type Finding =
  /** With a condition where another user may write the item at any moment. */
  | { readonly kind: 'delete'; readonly condition?: Expressions }
  | { readonly kind: 'rewrite'; readonly rewriting: Rewriting }
  /** It stays for now, or for ever. */
  | { readonly kind: 'keep'; readonly why: string };

/** Finds what an item has of a user. `undefined`: nothing. */
export type Find = (item: Item, subject: Subject) => Finding | undefined;

export const DELETE: Finding = { kind: 'delete' };

export function keep(why: string): Finding {
  return { kind: 'keep', why };
}

/** `delete` if it is true. */
export function deleteIf(isTheirs: boolean): Finding | undefined {
  return isTheirs ? DELETE : undefined;
}

/** Another user may have written the item anew since it was read. */
export function byAuthor(user: string): Expressions {
  return {
    ConditionExpression: '#from = :user',
    ExpressionAttributeNames: { '#from': 'from' },
    ExpressionAttributeValues: { ':user': { S: user } },
  };
}
