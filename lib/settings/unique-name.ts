/** The name of a construct in an account and region, from which the names of its resources and of its stage are made. */

import { createHash } from 'node:crypto';
import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** The name of a function has at most 64 characters, and ends with `-publish-event` at the longest. */
const MOST_CHARACTERS = 48;

const HASH_CHARACTERS = 8;

/** The ids that the CDK leaves out of logical ids. */
const HIDDEN = new Set(['Default', 'Resource']);

/**
 * The name of the stack, which is unique in an account and region, and the path of the construct in it. In a nested stack it begins
 * with the stack above, because CloudFormation makes the nested one's name later.
 *
 * @example
 * uniqueNameOf(realtime); // Shop-Realtime
 */
export function uniqueNameOf(construct: IConstruct): string {
  const stack = topStackOf(construct);
  const ids = construct.node.scopes.slice(stack.node.scopes.length).map(({ node }) => node.id);
  const parts = [stack.stackName, ...ids.filter((id) => !HIDDEN.has(id))];
  const name = parts.map((part) => part.replaceAll(/[^A-Za-z0-9_-]/g, '')).join('-');
  if (name.length <= MOST_CHARACTERS) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_CHARACTERS);
  return `${name.slice(0, MOST_CHARACTERS - HASH_CHARACTERS - 1)}-${hash}`;
}

function topStackOf(construct: IConstruct): Stack {
  let stack = Stack.of(construct);
  while (stack.nestedStackParent) stack = stack.nestedStackParent;
  return stack;
}
