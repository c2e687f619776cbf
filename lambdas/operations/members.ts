/** `GET /members`: the users who are subscribed to a channel, each once, by their ids. */

import { subscribersOf } from '../realtime/audience.ts';
import type { OperationHandler } from './operation.ts';
import { authorizeServer } from './server-rights.ts';

const PAGE_SIZE = 1_000;

export const members: OperationHandler<'members'> = async (input, context) => {
  const { channel, cursor = '' } = input;
  authorizeServer(context, 'members', channel);
  const users = new Set<string>();
  for await (const { user } of subscribersOf(context.ports, channel)) {
    if (user !== undefined && user > cursor) users.add(user);
  }
  const sorted = [...users].toSorted();
  const page = sorted.slice(0, PAGE_SIZE);
  const next = sorted.length > PAGE_SIZE ? page.at(-1) : undefined;
  return { channel, members: page.map((user) => ({ user })), ...(next !== undefined && { next }) };
};
