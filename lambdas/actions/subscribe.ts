/**
 * `subscribe`: the channel's messages from now on; with `after` everything that was missed since a position, with `last` the newest
 * messages.
 */

import { HISTORY_LIMIT_MAX } from 'fanfare-protocol/limits';
import { join, standingOf } from '../realtime/connections/membership.ts';
import { channelSizeOf } from '../realtime/connections/sharding.ts';
import { logOf } from '../realtime/log/channel-log.ts';
import { history, newest } from '../realtime/log/history.ts';
import { firstOf, NEVER_USED } from '../realtime/log/log-store.ts';
import { readerOf } from '../realtime/log/read-position.ts';
import { onWire, replay } from '../realtime/log/replay.ts';
import { snapshot } from '../realtime/log/snapshot.ts';
import type { ActionHandler } from './action.ts';
import { readablePolicy } from './readable.ts';

export const subscribe: ActionHandler<'subscribe'> = async (command, session, context) => {
  const { channel, after, last, limit = HISTORY_LIMIT_MAX, diffs, values } = command;
  const { ports, room, prepared } = context;
  const policy = prepared?.policy ?? (await readablePolicy(context, session, 'subscribe', channel));
  const log = logOf(ports, channel, policy);
  // Read before the head: another device may mark a position in between, and that position would be beyond the head.
  const position = after === 'marked' ? await ports.readPositions.read(readerOf(session, channel)) : after;
  // The subscription is stored first and the head is read second. A message published in between arrives twice; none is lost.
  if (!prepared?.isJoined)
    await join(ports, session, channel, standingOf(context.config, policy, session, channel, diffs));
  const event = 'subscribed';
  if (!log) return { event, channel, ...(after !== undefined && { recovered: false }) };
  const head = (await ports.channelLog.head(channel)) ?? NEVER_USED;
  const size = channelSizeOf(head.shardCount);
  const told = { event, channel, seq: head.seq, ...(size !== undefined && { size }) } as const;
  if (values) return { ...told, ...(await snapshot(log, undefined, room)) };
  if (last !== undefined) {
    const { records, ...page } = await newest({ ...log, head }, { last, limit }, room);
    return { ...told, ...page, messages: records.map(onWire) };
  }
  if (after === undefined) return told;
  const replayed =
    position === undefined
      ? { recovered: true, ...(await history({ ...log, head }, { after: 0, limit }, room)) }
      : await replay({ ...log, head }, { position, limit }, room);
  // A client whose position is before the first message cannot know the number of that message.
  const first = !position && head.seq > 0 ? { first: firstOf(head) } : {};
  if (!replayed.recovered) return { ...told, ...first, recovered: false };
  const { records, more } = replayed;
  return { ...told, ...first, recovered: true, messages: records.map(onWire), more };
};
