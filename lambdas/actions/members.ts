/** `members`: returns the signed-in users of a channel, each once, as many as fit into a reply. */

import { membersOf } from '../realtime/presence/members.ts';
import type { ActionHandler } from './action.ts';
import { readablePolicy } from './readable.ts';

export const members: ActionHandler<'members'> = async (command, caller, context) => {
  const { channel, cursor = '' } = command;
  const policy = await readablePolicy(context, caller, 'members', channel);
  const page = await membersOf(context.ports, policy, channel, cursor, (member) => context.room.take(member));
  return { event: 'members', channel, ...page };
};
