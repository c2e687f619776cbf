/** Pages of a channel's log: consecutive numbers, forwards or backwards from a position, answered oldest first. */

import type { Message, VoidRecord } from 'fanfare-protocol/actions';
import type { ChannelLog, CountedLog } from './channel-log.ts';
import { gapless } from './gapless.ts';
import { firstOf, type LogRecord, type Range } from './log-store.ts';
import { firstServedRecord } from './oldest-served.ts';
import { isAnchored, onWire } from './replay.ts';
import type { ReplyRoom } from './reply-room.ts';

export interface Page {
  readonly records: readonly LogRecord[];
  /** There is more in the direction that was asked for. */
  readonly more: boolean;
}

export interface PageRequest {
  readonly after?: number | undefined;
  readonly before?: number | undefined;
  readonly limit: number;
}

/** How many of the newest messages, and how many of these in the reply. */
export interface NewestRequest {
  readonly last: number;
  readonly limit: number;
}

/** `more`: newer messages found no room. */
export interface Newest extends Page {
  /** The position behind which the messages begin. No record behind it has expired. */
  readonly after: number;
}

const EMPTY: Page = { records: [], more: false };

/** A page of a channel's log, as it goes onto the wire. */
export interface WirePage {
  readonly messages: (Message | VoidRecord)[];
  readonly more: boolean;
  /** The channel's first number, if the request asked for messages from before it. */
  readonly first?: number;
}

export async function pageOfChannel(log: ChannelLog, page: PageRequest, room: ReplyRoom): Promise<WirePage> {
  const head = await log.ports.channelLog.head(log.channel);
  if (!head) return { messages: [], more: false };
  const { records, more } = await history({ ...log, head }, page, room);
  return { messages: records.map(onWire), more, ...(page.after === 0 && { first: firstOf(head) }) };
}

/** Returns the page after or before a position, or the newest page without one. It leaves out expired records. */
export async function history(log: CountedLog, page: PageRequest, room: ReplyRoom): Promise<Page> {
  const { after, before = log.head.seq + 1, limit } = page;
  return after === undefined ? pageBefore(log, before, limit, room) : pageAfter(log, after, limit, room);
}

async function pageAfter(log: CountedLog, position: number, limit: number, room: ReplyRoom): Promise<Page> {
  const { head } = log;
  const after = Math.max(position, head.createdAt);
  const from = await firstServed(log, after + 1, head.seq);
  if (from === undefined) return EMPTY;
  const to = Math.min(from + limit - 1, head.seq);
  const { records, full } = await collect(log, { from, to }, room);
  return { records, more: full || to < head.seq };
}

async function pageBefore(log: CountedLog, before: number, limit: number, room: ReplyRoom): Promise<Page> {
  const { head } = log;
  const to = Math.min(before - 1, head.seq);
  const lowest = Math.max(to - limit + 1, head.createdAt + 1);
  const from = await firstServed(log, lowest, to);
  if (from === undefined) return EMPTY;
  const { records, full } = await collect(log, { from, to, newestFirst: true }, room);
  return { records: records.toReversed(), more: full || (from === lowest && lowest > head.createdAt + 1) };
}

/**
 * The newest messages, oldest first: as many as are asked for, or as are kept. The page begins with the oldest of them, so that a reader
 * who finds the rest by `history` gets all in their order. A number below the oldest message that is kept, or below the head if none is,
 * is left out: that of a slow writer cannot be told from one whose message has expired. A plain subscribe leaves it out, too.
 */
export async function newest(
  log: CountedLog,
  { last, limit }: NewestRequest,
  room: ReplyRoom,
): Promise<Newest> {
  const { head } = log;
  const lowest = Math.max(head.seq - last, head.createdAt) + 1;
  const from = (await firstServed(log, lowest, head.seq)) ?? head.seq + 1;
  const to = Math.min(from + limit - 1, head.seq);
  const { records, full } = await collect(log, { from, to }, room);
  return { after: from - 1, records, more: full || to < head.seq };
}

/**
 * The first number from which on no record has expired. This is `from` itself if that is certain, else the first record that is
 * still served. Below it, a missing number may be an expired message, and must not be sealed.
 */
async function firstServed(log: CountedLog, from: number, to: number): Promise<number | undefined> {
  if (from > to) return undefined;
  return (await isAnchored(log, from - 1)) ? from : firstServedRecord(log, from, to);
}

async function collect(
  log: CountedLog,
  range: Range,
  room: ReplyRoom,
): Promise<{ records: LogRecord[]; full: boolean }> {
  const records: LogRecord[] = [];
  for await (const record of gapless(log, { ...range, bytes: room.left })) {
    if (!room.take(onWire(record))) return { records, full: true };
    records.push(record);
  }
  return { records, full: false };
}
