/** `GET /members`: returns a page of the users of a channel, in the order of their ids. */

import { membersOf, membersPerPage } from '../realtime/presence/members.ts';
import type { OperationHandler } from './operation.ts';
import { authorizeServer } from './server-rights.ts';

export const members: OperationHandler<'members'> = async (input, context) => {
  const { channel, cursor = '' } = input;
  const policy = authorizeServer(context, 'members', channel);
  let room = membersPerPage(policy);
  const take = () => room-- > 0;
  return { channel, ...(await membersOf(context.ports, policy, channel, cursor, take)) };
};
