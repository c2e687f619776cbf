/**
 * Reads a channel's log without gaps. A number below the head whose record is missing belongs to a writer that is slow
 * or dead. The reader waits a moment, then seals it: either the writer was in time and the reader sees its message, or
 * the number is void for ever and the writer takes another one. Either way, all readers agree.
 */

import type { ChannelLog } from './channel-log.ts';
import type { LogRecord, Range } from './log-store.ts';

/**
 * The waits between looks for a missing record, before its number is sealed. The first is for a writer that is just between its
 * two writes. Their sum is far longer than the time between two writes. Milliseconds.
 */
const PATIENCE_MS = [10, 30, 60];

/** Returns every number of the range, each with its final record. The range ends at or below the head. */
export async function* gapless(
  log: ChannelLog,
  { from, to, newestFirst = false }: Range,
): AsyncGenerator<LogRecord> {
  const step = newestFirst ? -1 : 1;
  let next = newestFirst ? to : from;
  for await (const record of log.ports.channelLog.read(log.channel, { from, to, newestFirst })) {
    if (record.seq !== next) yield* fill(log, span(next, record.seq - step, newestFirst));
    yield record;
    next = record.seq + step;
  }
  if (next >= from && next <= to) yield* fill(log, span(next, newestFirst ? from : to, newestFirst));
}

/** The numbers that were missing a moment ago. */
async function* fill(log: ChannelLog, range: Range): AsyncGenerator<LogRecord> {
  const { ports, channel, retention } = log;
  const { from, to, newestFirst } = range;
  const count = to - from + 1;
  const late = await waitFor(log, range);
  const time = late.size < count ? await timeOfNext(log, to) : ports.now();
  for (let index = 0; index < count; index++) {
    const seq = newestFirst ? to - index : from + index;
    yield late.get(seq) ?? (await ports.channelLog.seal(channel, { seq, void: true, time }, retention));
  }
}

/** The record, if it comes in time. */
async function waitFor(
  { ports: { channelLog, pause }, channel }: ChannelLog,
  range: Range,
): Promise<Map<number, LogRecord>> {
  const late = new Map<number, LogRecord>();
  for (const patience of PATIENCE_MS) {
    await pause(patience);
    for await (const record of channelLog.read(channel, range)) late.set(record.seq, record);
    if (late.size === range.to - range.from + 1) break;
  }
  return late;
}

/**
 * The time of a sealed number is that of the record after it. With the time of its sealing it would be served for longer than the
 * messages behind it. A reader would then conclude that these messages are still there (see `replay.ts`).
 */
async function timeOfNext({ ports: { channelLog, now }, channel }: ChannelLog, seq: number): Promise<number> {
  for await (const { time } of channelLog.read(channel, { from: seq + 1, to: Number.MAX_SAFE_INTEGER })) {
    return time;
  }
  return now();
}

function span(one: number, other: number, newestFirst: boolean): Range {
  return { from: Math.min(one, other), to: Math.max(one, other), newestFirst };
}
