/** `members`: the signed-in users who are subscribed to a channel, each once. */

import { subscribersOf } from '../realtime/audience.ts';
import { authorize } from '../realtime/permissions.ts';
import type { ActionHandler } from './action.ts';

export const members: ActionHandler<'members'> = async ({ channel }, session, { config, ports, room }) => {
  authorize(config, session, 'members', channel);
  const users = new Set<string>();
  for await (const { user } of subscribersOf(ports, channel)) {
    // As many as a reply holds.
    if (user !== undefined && !users.has(user) && room.take({ user })) users.add(user);
  }
  return { event: 'members', channel, members: [...users].map((user) => ({ user })) };
};
