/** `GET /history`: a page of a channel's log. */

import { ProtocolError } from 'fanfare-protocol/errors';
import { requiredLogOf } from '../realtime/log/channel-log.ts';
import { pageOfChannel } from '../realtime/log/history.ts';
import { replyRoom } from '../realtime/log/reply-room.ts';
import type { OperationHandler } from './operation.ts';
import { authorizeServer } from './server-rights.ts';

export const history: OperationHandler<'history'> = async ({ channel, ...page }, context) => {
  const policy = authorizeServer(context, 'subscribe', channel);
  if (page.after !== undefined && page.before !== undefined)
    throw new ProtocolError('bad-request', 'history takes either after or before, not both.');
  const log = requiredLogOf(context.ports, channel, policy);
  return { channel, ...(await pageOfChannel(log, page, replyRoom(1))) };
};
