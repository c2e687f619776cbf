/** `GET /channels`: channels that are in use or keep a history, and how many are subscribed to each right now. */

import { groupIn } from '../realtime/connections/grouping.ts';
import { type ConnectionCount, connectionsIn } from '../realtime/delivery/audience.ts';
import { visitInFlight } from '../realtime/in-flight.ts';
import type { OperationHandler } from './operation.ts';
import { authorizeOperator } from './server-rights.ts';

const COUNTED_IN_FLIGHT = 16;

export const channels: OperationHandler<'channels'> = async ({ cursor }, { config, ports, grants }) => {
  authorizeOperator({ grants });
  const { heads, next } = await ports.directory.channels(cursor);
  const counts = new Map<string, ConnectionCount>();
  await visitInFlight(heads, COUNTED_IN_FLIGHT, async ({ channel }) => {
    counts.set(channel, await connectionsIn(ports, channel, groupIn(config, channel)));
  });
  return {
    channels: heads.map(({ channel, seq }) => ({
      channel,
      ...(counts.get(channel) ?? { connections: 0 }),
      ...(seq !== undefined && { seq }),
    })),
    ...(next !== undefined && { next }),
  };
};
