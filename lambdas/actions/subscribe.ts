/** `subscribe`: the connection receives the channel's messages from now on. */

import { join } from '../realtime/membership.ts';
import { authorize } from '../realtime/permissions.ts';
import type { ActionHandler } from './action.ts';

export const subscribe: ActionHandler<'subscribe'> = async ({ channel }, session, { config, ports }) => {
  authorize(config, session, 'subscribe', channel);
  await join(ports, session, channel);
  return { event: 'subscribed', channel };
};
