/**
 * Replays the messages after a position. It returns all of them in order, or `recovered: false`, but never a part of them.
 *
 * The difficulty is to distinguish a void number from a number whose record has expired. Records expire in the order of their
 * numbers, apart from the few seconds of a slow writer. They stay in the table for longer than they are served
 * (`STORED_LONGER_MS`). So, next to a record that is still served, a missing number has not expired: its writer did not come.
 */

import type { CountedLog } from './channel-log.ts';
import { gapless } from './gapless.ts';
import { isServed, isVoid, type LogRecord } from './log-store.ts';
import type { ReplyRoom } from './reply-room.ts';

export type Replay =
  | { readonly recovered: false }
  | { readonly recovered: true; readonly records: readonly LogRecord[]; readonly more: boolean };

const LOST: Replay = { recovered: false };

export interface ReplayRequest {
  readonly position: number;
  readonly limit: number;
}

/** Everything after the position up to the head, as far as the reply has room for it and its limit allows. */
export async function replay(
  log: CountedLog,
  { position, limit }: ReplayRequest,
  room: ReplyRoom,
): Promise<Replay> {
  const { head, ports, retention } = log;
  // 0 is before the first message, and no number exists between the two.
  const after = position === 0 ? head.createdAt : position;
  // The position is not one of this log: the log was deleted and begun again, or the client made the position up.
  if (after > head.seq || after < head.createdAt) return LOST;
  if (after === head.seq) return { recovered: true, records: [], more: false };
  if (!(await isAnchored(log, after))) return LOST;

  const records: LogRecord[] = [];
  const to = Math.min(after + limit, head.seq);
  for await (const record of gapless(log, { from: after + 1, to, bytes: room.left })) {
    if (!isServed(record, ports.now(), retention)) return LOST;
    if (!room.take(onWire(record))) return { recovered: true, records, more: true };
    records.push(record);
  }
  return { recovered: true, records, more: to < head.seq };
}

/** True when no message right after the position can have expired, because its own record or the next one is still served. */
export async function isAnchored(
  { ports: { channelLog, now }, channel, head, retention }: CountedLog,
  after: number,
): Promise<boolean> {
  if (head.createdAt > now() - retention.retentionMs) return true;
  // Newest first, because the record of the position may lie in a batch, which takes a request more to find.
  for await (const record of channelLog.read(channel, { from: after, to: after + 1, newestFirst: true })) {
    if (isServed(record, now(), retention)) return true;
  }
  return false;
}

/** A record as replays and history show it. */
export function onWire(record: LogRecord) {
  return isVoid(record) ? { seq: record.seq, void: true as const } : record;
}
