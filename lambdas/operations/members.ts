/** `GET /members`: returns the users of a channel, each once, in the order of their ids. */

import { membersOf } from '../realtime/presence/members.ts';
import type { OperationHandler } from './operation.ts';
import { authorizeServer } from './server-rights.ts';

const PAGE_SIZE = 1_000;

export const members: OperationHandler<'members'> = async (input, context) => {
  const { channel, cursor = '' } = input;
  const policy = authorizeServer(context, 'members', channel);
  let room = PAGE_SIZE;
  const take = () => room-- > 0;
  return { channel, ...(await membersOf(context.ports, policy, channel, cursor, take)) };
};
