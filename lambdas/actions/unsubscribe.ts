/** `unsubscribe`: the connection no longer receives the channel's messages. To leave a channel without a subscription is fine. */

import { isBuiltIn } from 'fanfare-protocol/channel';
import { ProtocolError } from 'fanfare-protocol/errors';
import { leave } from '../realtime/connections/membership.ts';
import type { ActionHandler } from './action.ts';

export const unsubscribe: ActionHandler<'unsubscribe'> = async ({ channel }, session, { ports }) => {
  if (isBuiltIn(channel)) throw new ProtocolError('forbidden', `Every connection stays in ${channel}.`);
  await leave(ports, session, channel);
  return { event: 'unsubscribed', channel };
};
