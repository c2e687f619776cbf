/**
 * Reads the values of a channel in pages, so that a subscriber who has read all of them and gets every message behind the position of the
 * first page knows every value.
 *
 * A value may be on its way while it is read: its writer has a number that the subscriber does not wait for, and has not written yet. So
 * the first page settles the numbers of the last minutes, up to the head: each has its message then, or is void. A message and its value
 * are one transaction, but a reader may see its parts one after the other. So values come from the log of these minutes first, and then from
 * the rows of the names.
 */

import { ProtocolError } from 'fanfare-protocol/errors';
import type { ChannelLog, CountedLog } from './channel-log.ts';
import { gapless } from './gapless.ts';
import { isVoid, type LogRecord, NEVER_USED, PAUSE_MS } from './log-store.ts';
import type { ValuePorts } from './naming.ts';
import type { ReplyRoom } from './reply-room.ts';
import { cursorText, parseCursor, type SnapshotCursor } from './snapshot-cursor.ts';
import { isNamed, keptValueOf, type ValueRecord } from './value-store.ts';

export interface Snapshot {
  /** The head when the first page was read. */
  readonly seq: number;
  readonly values: ValueRecord[];
  /** The cursor of the next page. */
  readonly next?: string;
}

/** About how many bytes of the log are read first, to settle it. Most channels have few messages in two minutes. */
const SETTLED_BYTES = 16 * 1024;

/** Numbers of the log that a later page reads at once. */
const MOST_NUMBERS = 1_024;

/** Rows of the first read of a page. The next reads are as large as the values before them suggest. */
const FIRST_ROWS = 64;

/** Reads of one page, also if all rows are removals or old values. */
const MOST_READS = 8;

/**
 * The first page, or the page of a cursor. For the first one, a subscriber must be subscribed already.
 *
 * @throws ProtocolError `bad-request` if the channel has no values, or this is no cursor.
 */
export async function snapshot(
  log: ChannelLog<ValuePorts>,
  cursor: string | undefined,
  room: ReplyRoom,
): Promise<Snapshot> {
  if (!log.keeping) throw new ProtocolError('bad-request', `${log.channel} has no values.`);
  return cursor === undefined ? firstPage(log, room) : nextPage(log, parseCursor(cursor), room);
}

async function firstPage(log: ChannelLog<ValuePorts>, room: ReplyRoom): Promise<Snapshot> {
  const head = (await log.ports.channelLog.head(log.channel)) ?? NEVER_USED;
  const recent = await settled({ ...log, head });
  const range = { first: recent[0]?.seq ?? head.seq + 1, head: head.seq };
  const values: ValueRecord[] = [];
  const left = take(newestOfEach(log, recent), values, room);
  const next = left
    ? { ...range, from: left }
    : await fill(log, { ...range, from: { name: '' } }, values, room);
  return pageOf(range.head, values, next);
}

async function nextPage(
  log: ChannelLog<ValuePorts>,
  cursor: SnapshotCursor,
  room: ReplyRoom,
): Promise<Snapshot> {
  const values: ValueRecord[] = [];
  if ('name' in cursor.from) return pageOf(cursor.head, values, await fill(log, cursor, values, room));
  const { seq: from } = cursor.from;
  const to = Math.min(from + MOST_NUMBERS - 1, cursor.head);
  const records: LogRecord[] = [];
  for await (const record of log.ports.channelLog.read(log.channel, { from, to })) records.push(record);
  const left = take(newestOfEach(log, records), values, room) ?? (to < cursor.head && { seq: to + 1 });
  const next = left
    ? { ...cursor, from: left }
    : await fill(log, { ...cursor, from: { name: '' } }, values, room);
  return pageOf(cursor.head, values, next);
}

function pageOf(seq: number, values: ValueRecord[], next: SnapshotCursor | undefined): Snapshot {
  return { seq, values, ...(next && { next: cursorText(next) }) };
}

/** The records of the last minutes up to the head, each final. Every record before them has settled by its age. Oldest first. */
async function settled(log: CountedLog): Promise<readonly LogRecord[]> {
  const oldest = log.ports.now() - PAUSE_MS;
  const { seq: to, raisedAt = 0, settled: before = to } = log.head;
  const records: LogRecord[] = [];
  if (raisedAt <= oldest) return records;
  const range = { from: before + 1, to, newestFirst: true, bytes: SETTLED_BYTES };
  for await (const record of gapless(log, range)) {
    if (record.time <= oldest) break;
    records.push(record);
  }
  return records.toReversed();
}

/** The last message of each name, in the order of their numbers. A removal counts: the row of the name may still have the value. */
function newestOfEach(log: ChannelLog<ValuePorts>, records: readonly LogRecord[]): readonly ValueRecord[] {
  const newest = new Map<string, ValueRecord>();
  for (const record of records) {
    if (isVoid(record) || !isNamed(record)) continue;
    newest.delete(record.name);
    newest.set(record.name, record);
  }
  return [...newest.values()].filter((record) => record.removed || isKept(log, record));
}

/** @returns the first record for which there is no room; `undefined` if all have room. */
function take(
  records: readonly ValueRecord[],
  values: ValueRecord[],
  room: ReplyRoom,
): { readonly seq: number } | undefined {
  for (const record of records) {
    if (!room.take(record)) return { seq: record.seq };
    values.push(record);
  }
  return undefined;
}

/**
 * Takes values from the table as long as there is room. Those of the settled numbers were told from the log.
 *
 * @returns where the next page begins; `undefined` after the last one.
 */
async function fill(
  log: ChannelLog<ValuePorts>,
  cursor: SnapshotCursor,
  values: ValueRecord[],
  room: ReplyRoom,
): Promise<SnapshotCursor | undefined> {
  const { first, head } = cursor;
  const isTold = ({ seq }: ValueRecord) => seq >= first && seq <= head;
  let after = 'name' in cursor.from ? cursor.from.name : '';
  let rows = FIRST_ROWS;
  for (let reads = 0; reads < MOST_READS; reads++) {
    const leftBefore = room.left;
    const page = await log.ports.values.page(log.channel, after, rows);
    for (const record of page.values) {
      const isNew = !isTold(record) && isKept(log, record);
      if (isNew && !room.take(record)) return { first, head, from: { name: after } };
      if (isNew) values.push(record);
      after = record.name;
    }
    if (page.next === undefined) return undefined;
    const bytesEach = Math.max(1, (leftBefore - room.left) / page.values.length);
    rows = Math.ceil(room.left / bytesEach) + 1;
  }
  return { first, head, from: { name: after } };
}

function isKept({ ports, keeping }: ChannelLog<ValuePorts>, record: ValueRecord): boolean {
  return keeping !== undefined && keptValueOf(record, { ...keeping, now: ports.now() }) !== undefined;
}
