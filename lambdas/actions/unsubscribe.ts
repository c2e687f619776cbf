/** `unsubscribe`: the connection no longer receives the channel's messages. To leave a channel without a subscription is fine. */

import { isBuiltIn } from 'fanfare-protocol/channel';
import { ProtocolError } from 'fanfare-protocol/errors';
import { groupIn } from '../realtime/connections/grouping.ts';
import { leaveGroup } from '../realtime/connections/join-groups.ts';
import { leave } from '../realtime/connections/membership.ts';
import type { ActionHandler } from './action.ts';

export const unsubscribe: ActionHandler<'unsubscribe'> = async ({ channel }, session, context) => {
  const { ports, config } = context;
  if (isBuiltIn(channel)) throw new ProtocolError('forbidden', `Every connection stays in ${channel}.`);
  const group = groupIn(config, channel);
  await (group === undefined
    ? leave(ports, session, channel)
    : leaveGroup(ports, session, { channel, group }));
  return { event: 'unsubscribed', channel };
};
