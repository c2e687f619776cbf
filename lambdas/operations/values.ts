/** `GET /values`: a page of the values of a channel. */

import { requiredLogOf } from '../realtime/log/channel-log.ts';
import { replyRoom } from '../realtime/log/reply-room.ts';
import { snapshot } from '../realtime/log/snapshot.ts';
import type { OperationHandler } from './operation.ts';
import { authorizeServer } from './server-rights.ts';

export const values: OperationHandler<'values'> = async ({ channel, cursor }, context) => {
  const policy = authorizeServer(context, 'subscribe', channel);
  const log = requiredLogOf(context.ports, channel, policy);
  return { channel, ...(await snapshot(log, cursor, replyRoom(1))) };
};
