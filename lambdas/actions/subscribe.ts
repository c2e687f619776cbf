/**
 * `subscribe`: the channel's messages from now on; with `after` everything that was missed since a position, with `last` the newest
 * messages.
 */

import type { Command } from 'fanfare-protocol/actions';
import { HISTORY_LIMIT_MAX } from 'fanfare-protocol/limits';
import type { NamespacePolicy } from '../realtime/access/namespaces.ts';
import type { Session } from '../realtime/access/session.ts';
import { groupOf } from '../realtime/connections/grouping.ts';
import { joinGroup } from '../realtime/connections/join-groups.ts';
import { join, standingOf } from '../realtime/connections/membership.ts';
import { mayFollow } from '../realtime/connections/renewal.ts';
import type { ShardStore } from '../realtime/connections/shard-store.ts';
import { channelSizeOf } from '../realtime/connections/sharding.ts';
import { type ChannelLog, logOf } from '../realtime/log/channel-log.ts';
import { history, newest } from '../realtime/log/history.ts';
import { firstOf, type Head, NEVER_USED } from '../realtime/log/log-store.ts';
import { readerOf } from '../realtime/log/read-position.ts';
import { onWire, replay } from '../realtime/log/replay.ts';
import { snapshot } from '../realtime/log/snapshot.ts';
import type { ActionContext, ActionHandler } from './action.ts';
import { readablePolicy } from './readable.ts';

export const subscribe: ActionHandler<'subscribe'> = async (command, session, context) => {
  const { channel, after, last, limit = HISTORY_LIMIT_MAX, values } = command;
  const { ports, room, prepared } = context;
  const policy = prepared?.policy ?? (await readablePolicy(context, session, 'subscribe', channel));
  const log = logOf(ports, channel, policy);
  // Read before the head: another device may mark a position in between, and that position would be beyond the head.
  const position = after === 'marked' ? await ports.readPositions.read(readerOf(session, channel)) : after;
  // The subscription is stored first and the head is read second. A message published in between arrives twice; none is lost.
  if (!prepared?.isJoined) await enter(command, session, context, policy);
  const event = 'subscribed';
  if (!log) return { event, channel, ...(after !== undefined && { recovered: false }) };
  // A marked position was read just now, and may be beyond a head that was read before.
  const known = after === 'marked' ? undefined : prepared?.head;
  const head = known ?? (await ports.channelLog.head(channel)) ?? NEVER_USED;
  const size = channelSizeOf(await shardsOf(log, head));
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

function enter(
  { channel, diffs }: Command<'subscribe'>,
  session: Session,
  { ports, config }: ActionContext,
  policy: NamespacePolicy,
): Promise<void> {
  const group = groupOf(policy, channel);
  return group === undefined
    ? join(ports, session, channel, standingOf(config, policy, session, channel, diffs))
    : joinGroup(ports, session, { channel, group }, mayFollow(config, session));
}

/** Over how many shards the channel is spread, or its group, which has at least as many subscribers. */
async function shardsOf(
  { ports, group }: ChannelLog<{ readonly shards: Pick<ShardStore, 'recentCount'> }>,
  { shardCount }: Head,
): Promise<number> {
  return group === undefined ? shardCount : ports.shards.recentCount(group);
}
