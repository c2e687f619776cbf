/** `history`: a page of the channel's log, for connections that may subscribe to it. */

import { requiredLogOf } from '../realtime/log/channel-log.ts';
import { pageOfChannel } from '../realtime/log/history.ts';
import type { ActionHandler } from './action.ts';
import { readablePolicy } from './readable.ts';

export const history: ActionHandler<'history'> = async (command, caller, context) => {
  const { channel, after, before, limit } = command;
  const policy = await readablePolicy(context, caller, 'history', channel);
  const log = requiredLogOf(context.ports, channel, policy);
  const page = await pageOfChannel(log, { after, before, limit }, context.room);
  return { event: 'history', channel, ...page };
};
