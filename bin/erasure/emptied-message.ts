/**
 * Takes content and author out of messages. Their numbers stay, because a number without a record is a hole: readers would wait for its
 * writer, seal it, and positions of clients would point to nothing.
 */

import type { Item } from '../../lambdas/aws/record-item.ts';
import { byAuthor, type Rewriting } from './finding.ts';

/** The messages of one publish are one item, with a line of JSON for each. They have one author. Names are the author's words, too. */
export function emptiedMessages({ data }: Item, user: string): Rewriting {
  const lines = (data?.S ?? '').split('\n');
  const { ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues } = byAuthor(user);
  return {
    UpdateExpression: 'SET #data = :empty REMOVE #from, #names',
    ConditionExpression,
    ExpressionAttributeNames: { ...ExpressionAttributeNames, '#data': 'data', '#names': 'names' },
    ExpressionAttributeValues: {
      ...ExpressionAttributeValues,
      ':empty': { S: lines.map(() => 'null').join('\n') },
    },
  };
}

/** The same for a frame that waits in a mailbox. `undefined`: it has no message of the user. */
export function emptiedFrame(frame: string, user: string): string | undefined {
  const event: unknown = JSON.parse(frame);
  if (!isRecord(event) || !Array.isArray(event['messages'])) return undefined;
  const messages: readonly unknown[] = event['messages'];
  const isTheirs = (one: unknown) => isRecord(one) && one['from'] === user;
  if (!messages.some(isTheirs)) return undefined;
  return JSON.stringify({ ...event, messages: messages.map((one) => (isTheirs(one) ? emptied(one) : one)) });
}

function emptied(message: unknown): unknown {
  if (!isRecord(message)) return message;
  const { from: _from, name: _name, removed: _removed, ...rest } = message;
  return { ...rest, data: null };
}

/** Whether a frame names the user as a member who came or left. A diff is a list of such events. */
export function tellsOf(frame: string, user: string): boolean {
  const parsed: unknown = JSON.parse(frame);
  const events: readonly unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  return events.some((event) => {
    if (!isRecord(event)) return false;
    const { member, members } = event;
    const told: readonly unknown[] = Array.isArray(members) ? members : [member];
    return told.some((one) => isRecord(one) && one['user'] === user);
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
