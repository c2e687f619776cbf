/** `history`: a page of the channel's log, for who may subscribe to it. */

import { ProtocolError } from '../../protocol/errors.ts';
import { history as readPage } from '../realtime/history.ts';
import { retentionOf } from '../realtime/namespaces.ts';
import { authorize } from '../realtime/permissions.ts';
import { onWire } from '../realtime/replay.ts';
import type { ActionHandler } from './action.ts';

export const history: ActionHandler<'history'> = async (command, session, { config, ports, room }) => {
  const { channel, after, before, limit } = command;
  const retention = retentionOf(authorize(config, session, 'subscribe', channel));
  if (!retention) throw new ProtocolError('bad-request', `${channel} keeps no history.`);
  const head = await ports.channelLog.head(channel);
  if (!head) return { event: 'history', channel, messages: [], more: false };
  const page = await readPage({ ports, channel, head, retention }, { after, before, limit }, room);
  return { event: 'history', channel, messages: page.records.map(onWire), more: page.more };
};
