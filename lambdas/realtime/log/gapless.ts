/**
 * Reads a channel's log without gaps. A number below the head whose record is missing belongs to a writer that is slow
 * or dead. The reader waits a moment, then seals it: either the writer was in time and the reader sees its message, or
 * the number is void for ever and the writer takes another one. Either way, all readers agree.
 *
 * A batch is stored at its first number, and gives records to the numbers behind it. So numbers are sealed in ascending order, from
 * the record before them on: every lower number is then decided, and no batch that is still to be written covers the next one.
 */

import type { ChannelLog } from './channel-log.ts';
import { firstOf, isServed, type LogRecord, type Range } from './log-store.ts';
import { PATIENCE_MS, timeOfNext } from './sealing.ts';

/** Numbers without a record. */
interface Gap extends Pick<Range, 'from' | 'to' | 'newestFirst'> {
  /** The number before the gap has a record. */
  readonly isAfterRecord: boolean;
}

/**
 * Returns every number of the range, which may be empty, each with its final record. The range ends at or below the head, and no record in it has expired.
 * The number before it has a record that is served, or was the head once, or no record of the channel has expired yet.
 */
export async function* gapless(
  log: ChannelLog,
  { from, to, newestFirst = false, ...room }: Omit<Range, 'most'>,
): AsyncGenerator<LogRecord> {
  if (from > to) return;
  const step = newestFirst ? -1 : 1;
  const gap = (one: number, other: number): Gap => {
    const low = Math.min(one, other);
    return { from: low, to: Math.max(one, other), newestFirst, isAfterRecord: low > from };
  };
  let next = newestFirst ? to : from;
  for await (const record of log.ports.channelLog.read(log.channel, { from, to, newestFirst, ...room })) {
    if (record.seq !== next) yield* fill(log, gap(next, record.seq - step));
    yield record;
    next = record.seq + step;
  }
  if (next >= from && next <= to) yield* fill(log, gap(next, newestFirst ? from : to));
}

/** The numbers that were missing a moment ago. */
async function* fill(log: ChannelLog, gap: Gap): AsyncGenerator<LogRecord> {
  const { from, to, newestFirst } = gap;
  const count = to - from + 1;
  const records = await waitFor(log, gap);
  if (records.size < count) await sealMissing(log, gap, records);
  for (let index = 0; index < count; index++) {
    const record = records.get(newestFirst ? to - index : from + index);
    if (!record) throw new Error('A number that was sealed has no record');
    yield record;
  }
}

/** The records that come in time. */
async function waitFor(
  { ports: { channelLog, pause }, channel }: ChannelLog,
  { from, to, isAfterRecord }: Gap,
): Promise<Map<number, LogRecord>> {
  const late = new Map<number, LogRecord>();
  for (const patience of PATIENCE_MS) {
    await pause(patience);
    for await (const record of channelLog.read(channel, { from, to, fromBatchStart: isAfterRecord }))
      late.set(record.seq, record);
    if (late.size === to - from + 1) break;
  }
  return late;
}

/** Adds a record for each number that has none. */
async function sealMissing(log: ChannelLog, gap: Gap, records: Map<number, LogRecord>): Promise<void> {
  const { ports, channel, retention } = log;
  const time = await timeOfNext(log, gap.to);
  const begin = gap.isAfterRecord || records.has(gap.from) ? gap.from : await lookBelow(log, gap, records);
  for (let seq = begin; seq <= gap.to; seq++) {
    if (records.has(seq)) continue;
    const stored = await ports.channelLog.seal(channel, { seq, void: true, time }, retention);
    for (const record of stored) records.set(record.seq, record);
  }
}

/**
 * The first number to seal. What was written before it is read once more: the batch of the record that decides the numbers below may have
 * come just now, and cover the missing ones.
 */
async function lookBelow(log: ChannelLog, gap: Gap, records: Map<number, LogRecord>): Promise<number> {
  const begin = await firstUndecided(log, gap.from);
  for await (const record of log.ports.channelLog.read(log.channel, { from: begin, to: gap.to }))
    records.set(record.seq, record);
  return begin;
}

/**
 * The number behind the last record before a missing one. A batch that is still to be written may begin there and cover the missing
 * one. If that record has expired, so may have others behind it, and must not be sealed. Then the missing number follows a number that was
 * the head once, and so no batch covers both.
 */
async function firstUndecided(
  { ports: { channelLog, now }, channel, retention }: ChannelLog,
  seq: number,
): Promise<number> {
  const head = await channelLog.head(channel);
  if (!head) return seq;
  const first = firstOf(head);
  for await (const record of channelLog.read(channel, {
    from: first,
    to: seq - 1,
    newestFirst: true,
    most: 1,
  }))
    return isServed(record, now(), retention) ? record.seq + 1 : seq;
  return isServed({ time: head.createdAt }, now(), retention) ? first : seq;
}
