/** `GET /occupancy`: how many connections are subscribed to a channel. */

import { groupOf } from '../realtime/connections/grouping.ts';
import { connectionsIn } from '../realtime/delivery/audience.ts';
import type { OperationHandler } from './operation.ts';
import { authorizeServer } from './server-rights.ts';

export const occupancy: OperationHandler<'occupancy'> = async ({ channel }, context) => {
  const policy = authorizeServer(context, 'members', channel);
  return { channel, ...(await connectionsIn(context.ports, channel, groupOf(policy, channel))) };
};
