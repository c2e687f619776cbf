/**
 * The users of a channel without presence, from its subscriptions. These are in the order of connection ids, so a sorted page needs all
 * rows that it is sorted from. They are read in windows of a bounded size: a channel of up to 6,000 connections is one window,
 * in which each user comes once, in order. A wider channel is listed window after window, so its pages together read it about once.
 */

import { ProtocolError } from 'fanfare-protocol/errors';
import { isExpired } from '../access/session.ts';
import type { Clock } from '../clock.ts';
import { type ChannelRows, pageOf, partitionOf } from '../connections/grouping.ts';
import type { SubscriptionPage } from '../connections/subscription-store.ts';
import type { AudiencePorts } from '../delivery/audience.ts';
import type { MemberPage, Take } from './member-page.ts';

/** Rows of one window: about 140 read units. */
const WINDOW_ROWS = 6_000;

/** Queries for one window. A channel that was wide once may have many shards with few rows. */
const WINDOW_QUERIES = 64;

/** A place among the subscriptions of a channel. */
interface Place {
  readonly shard: number;
  /** The last connection before it; empty at the beginning of the shard. */
  readonly after: string;
}

const START: Place = { shard: 0, after: '' };

/** @throws ProtocolError `bad-request` if the cursor is not one of a page. */
export async function subscribedUsers(
  ports: AudiencePorts & Pick<Clock, 'now'>,
  stored: ChannelRows,
  cursor: string,
  take: Take,
): Promise<MemberPage> {
  const { place, user: last } = positionIn(cursor);
  const { users, next } = await windowFrom(ports, stored, place);
  const rest = [...users]
    .filter((user) => user > last)
    .toSorted()
    .map((user) => ({ user }));
  const end = rest.findIndex((member) => !take(member));
  if (end < 0) return { members: rest, ...(next && { next: cursorOf(next, '') }) };
  const members = rest.slice(0, end);
  return { members, next: cursorOf(place, members.at(-1)?.user ?? last) };
}

/** The users of a window, and where the next window begins. */
async function windowFrom(
  { subscriptions, shards, now }: AudiencePorts & Pick<Clock, 'now'>,
  stored: ChannelRows,
  start: Place,
): Promise<{ readonly users: ReadonlySet<string>; readonly next?: Place }> {
  const shardCount = await shards.count(partitionOf(stored));
  const users = new Set<string>();
  let rows = 0;
  let place = start;
  for (let query = 0; place.shard < shardCount; query++) {
    if (rows >= WINDOW_ROWS || query >= WINDOW_QUERIES) return { users, next: place };
    const { shard, after } = place;
    const page: SubscriptionPage = await pageOf(subscriptions, stored, shard, after || undefined);
    for (const row of page.subscriptions)
      if (row.user !== undefined && !isExpired(row, now())) users.add(row.user);
    rows += page.looked ?? page.subscriptions.length;
    place = page.next === undefined ? { shard: shard + 1, after: '' } : { shard, after: page.next };
  }
  return { users };
}

/** Begins a cursor that names a window. Cursors of the first window are users, unless the user begins like this. */
const MARK = '#';

function cursorOf({ shard, after }: Place, user: string): string {
  if (shard === 0 && after === '' && !user.startsWith(MARK)) return user;
  return `${MARK}${shard}${MARK}${after}${MARK}${user}`;
}

function positionIn(cursor: string): { readonly place: Place; readonly user: string } {
  if (!cursor.startsWith(MARK)) return { place: START, user: cursor };
  const [, shard = '', after = '', ...user] = cursor.split(MARK);
  if (!/^\d{1,4}$/.test(shard) || user.length === 0)
    throw new ProtocolError('bad-request', 'This is not the cursor of a page.');
  return { place: { shard: Number(shard), after }, user: user.join(MARK) };
}
