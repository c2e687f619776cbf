/** `GET /history`: a page of a channel's log. */

import { ProtocolError } from 'fanfare-protocol/errors';
import { retentionOf } from '../realtime/access/namespaces.ts';
import { pageOfChannel } from '../realtime/log/history.ts';
import { replyRoom } from '../realtime/log/reply-room.ts';
import type { OperationHandler } from './operation.ts';
import { authorizeServer } from './server-rights.ts';

export const history: OperationHandler<'history'> = async ({ channel, ...page }, context) => {
  const retention = retentionOf(authorizeServer(context, 'subscribe', channel));
  if (page.after !== undefined && page.before !== undefined)
    throw new ProtocolError('bad-request', 'history takes either after or before, not both.');
  const { ports } = context;
  return { channel, ...(await pageOfChannel(ports, channel, retention, page, replyRoom(1))) };
};
