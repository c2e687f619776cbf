/**
 * Which frames of a mailbox may still be delivered. A frame may wait while the token that gave the right to it ends. A request with
 * another token of the same user must not receive that frame.
 */

import * as v from 'valibot';
import type { Caller } from '../realtime/access/session.ts';
import { groupIn, partitionOf } from '../realtime/connections/grouping.ts';
import type { Grant, MailboxEntry } from '../realtime/connections/http-sessions.ts';
import { type FrameKind, gives, mayHear } from '../realtime/connections/renewal.ts';
import type { FallbackContext } from './context.ts';

const event = v.object({ event: v.string(), channel: v.string() });

/** A diff is an array of joins and leaves of one channel. */
const frameHead = v.pipe(
  v.string(),
  v.parseJson(),
  v.union([
    event,
    v.pipe(
      v.looseTuple([event]),
      v.transform(([first]) => first),
    ),
  ]),
);

interface About {
  readonly channel: string;
  readonly kind: FrameKind;
}

export interface Permitted {
  /** Returns the entries that may be delivered, and removes the others. */
  readonly entries: readonly MailboxEntry[];
  /**
   * Whether a frame may go out at this moment. It is checked for each frame, because a slow reader takes the last ones long after
   * the first.
   */
  readonly allows: (frame: string) => boolean;
}

/** Reads no grants when the request's own token covers all frames. */
export async function permitted(
  { config, ports }: Pick<FallbackContext, 'config' | 'ports'>,
  caller: Caller,
  entries: readonly MailboxEntry[],
): Promise<Permitted> {
  const grants = new Map<string, Grant | undefined>();
  const isOwn = ({ channel, kind }: About) => mayHear(config, caller, channel, kind);
  for (const { content } of entries) {
    const about = content === 'closed' ? undefined : aboutOf(content.frame);
    if (about && !isOwn(about) && !grants.has(about.channel))
      grants.set(about.channel, await grantIn({ config, ports }, caller.connectionId, about.channel));
  }
  if (grants.size === 0) return { entries, allows: () => true };
  const allows = (frame: string) => {
    const about = aboutOf(frame);
    return !about || isOwn(about) || gives(grants.get(about.channel), about.kind, ports.now());
  };
  const isKept = ({ content }: MailboxEntry) => content === 'closed' || allows(content.frame);
  const dropped = entries.filter((entry) => !isKept(entry));
  await ports.mailboxes.remove(
    caller.connectionId,
    dropped.map(({ entryId }) => entryId),
  );
  // Filtered again, because another grant may have ended while the dropped entries were removed.
  return { entries: entries.filter(isKept), allows };
}

/** A frame without a channel is for the connection, and needs no right. */
function aboutOf(frame: string): About | undefined {
  const { success, output } = v.safeParse(frameHead, frame);
  if (!success) return undefined;
  const { event, channel } = output;
  return { channel, kind: event === 'messages' ? 'messages' : 'presence' };
}

async function grantIn(
  { config, ports }: Pick<FallbackContext, 'config' | 'ports'>,
  connectionId: string,
  channel: string,
): Promise<Grant | undefined> {
  const { connections, subscriptions, leases } = ports;
  const group = groupIn(config, channel);
  const rows = partitionOf({ channel, group });
  const shard = await connections.shardOf(connectionId, rows);
  if (shard === undefined) return undefined;
  const placement = { channel: rows, shard };
  const isFollowed =
    group === undefined || (await subscriptions.followed(connectionId, placement)).includes(channel);
  return isFollowed ? leases.grantOf(connectionId, placement) : undefined;
}
