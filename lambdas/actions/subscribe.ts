/** `subscribe`: the channel's messages from now on, and with `after` everything that was missed since a position. */

import { join } from '../realtime/membership.ts';
import { retentionOf } from '../realtime/namespaces.ts';
import { authorize } from '../realtime/permissions.ts';
import { onWire, replay } from '../realtime/replay.ts';
import type { ActionHandler } from './action.ts';

export const subscribe: ActionHandler<'subscribe'> = async ({ channel, after }, session, context) => {
  const { config, ports, room } = context;
  const retention = retentionOf(authorize(config, session, 'subscribe', channel));
  // First the subscription, then the head: what is published in between comes both ways, and nothing comes neither way.
  await join(ports, session, channel);
  const event = 'subscribed';
  if (!retention) return { event, channel, ...(after !== undefined && { recovered: false }) };
  const head = (await ports.channelLog.head(channel)) ?? (await ports.channelLog.begin(channel, ports.now()));
  if (after === undefined) return { event, channel, seq: head.seq };
  const replayed = await replay(ports, channel, { after, head }, retention, room);
  if (!replayed.recovered) return { event, channel, seq: head.seq, recovered: false };
  const { records, more } = replayed;
  return { event, channel, seq: head.seq, recovered: true, messages: records.map(onWire), more };
};
