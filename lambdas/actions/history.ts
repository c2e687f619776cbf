/** `history`: a page of the channel's log, for who may subscribe to it. */

import { retentionOf } from '../realtime/access/namespaces.ts';
import { authorize } from '../realtime/access/permissions.ts';
import { pageOfChannel } from '../realtime/log/history.ts';
import type { ActionHandler } from './action.ts';

export const history: ActionHandler<'history'> = async (command, session, { config, ports, room }) => {
  const { channel, after, before, limit } = command;
  const retention = retentionOf(authorize(config, session, 'subscribe', channel));
  const page = await pageOfChannel(ports, channel, retention, { after, before, limit }, room);
  return { event: 'history', channel, ...page };
};
