/** `members`: returns the signed-in users of a channel, each once, as many as fit into a reply. */

import { authorize } from '../realtime/access/permissions.ts';
import { membersOf } from '../realtime/presence/members.ts';
import type { ActionHandler } from './action.ts';

export const members: ActionHandler<'members'> = async (command, session, { config, ports, room }) => {
  const { channel, cursor = '' } = command;
  const policy = authorize(config, session, 'members', channel);
  const page = await membersOf(ports, policy, channel, cursor, (member) => room.take(member));
  return { event: 'members', channel, ...page };
};
