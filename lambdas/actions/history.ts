/** `history`: a page of the channel's log, for connections that may subscribe to it. */

import { authorize } from '../realtime/access/permissions.ts';
import { requiredLogOf } from '../realtime/log/channel-log.ts';
import { pageOfChannel } from '../realtime/log/history.ts';
import type { ActionHandler } from './action.ts';

export const history: ActionHandler<'history'> = async (command, session, { config, ports, room }) => {
  const { channel, after, before, limit } = command;
  const log = requiredLogOf(ports, channel, authorize(config, session, 'subscribe', channel));
  const page = await pageOfChannel(log, { after, before, limit }, room);
  return { event: 'history', channel, ...page };
};
