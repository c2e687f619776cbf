/** `members`: the signed-in users who are in a channel, each once, and no more than a reply holds. */

import { authorize } from '../realtime/access/permissions.ts';
import { membersOf } from '../realtime/presence/members.ts';
import type { ActionHandler } from './action.ts';

export const members: ActionHandler<'members'> = async (command, session, { config, ports, room }) => {
  const { channel, cursor = '' } = command;
  const policy = authorize(config, session, 'members', channel);
  const page = await membersOf(ports, policy, channel, cursor, (member) => room.take(member));
  return { event: 'members', channel, ...page };
};
