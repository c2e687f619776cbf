/**
 * Reading a channel's log without gaps. A number below the head whose record is missing belongs to a writer that is slow
 * or dead. The reader waits a moment, then seals it: either the writer was in time and the reader sees its message, or
 * the number is void for ever and the writer takes another one. Either way, all readers agree.
 */

import type { Retention } from '../access/namespaces.ts';
import type { Clock } from '../clock.ts';
import type { LogRecord, LogStore, Range } from './log-store.ts';

/**
 * How long a missing record is waited for, look after look, before its number is sealed: at first for a writer that is
 * just between its two writes, in the end far longer than those are apart. Milliseconds.
 */
const PATIENCE_MS = [10, 30, 60];

export interface ReadPorts extends Clock {
  readonly channelLog: LogStore;
}

/** Every number of the range, all of them at or below the head, each with the record that stands there for ever. */
export async function* gapless(
  ports: ReadPorts,
  channel: string,
  { from, to, newestFirst = false }: Range,
  retention: Retention,
): AsyncGenerator<LogRecord> {
  const step = newestFirst ? -1 : 1;
  let next = newestFirst ? to : from;
  for await (const record of ports.channelLog.read(channel, { from, to, newestFirst })) {
    if (record.seq !== next)
      yield* fill(ports, channel, span(next, record.seq - step, newestFirst), retention);
    yield record;
    next = record.seq + step;
  }
  if (next >= from && next <= to)
    yield* fill(ports, channel, span(next, newestFirst ? from : to, newestFirst), retention);
}

/** The numbers that were missing a moment ago. */
async function* fill(
  ports: ReadPorts,
  channel: string,
  range: Range,
  retention: Retention,
): AsyncGenerator<LogRecord> {
  const { from, to, newestFirst } = range;
  const count = to - from + 1;
  const late = await waitFor(ports, channel, range);
  const time = late.size < count ? await timeOfNext(ports, channel, to) : ports.now();
  for (let index = 0; index < count; index++) {
    const seq = newestFirst ? to - index : from + index;
    yield late.get(seq) ?? (await ports.channelLog.seal(channel, { seq, void: true, time }, retention));
  }
}

/** What comes in time. */
async function waitFor(
  { channelLog, pause }: ReadPorts,
  channel: string,
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
 * The time that a sealed number gets: that of the record after it. Sealed late, and with the time of sealing, it would be
 * served for longer than the messages behind it, and vouch for them after they have expired (see `replay.ts`).
 */
async function timeOfNext({ channelLog, now }: ReadPorts, channel: string, seq: number): Promise<number> {
  for await (const { time } of channelLog.read(channel, { from: seq + 1, to: Number.MAX_SAFE_INTEGER })) {
    return time;
  }
  return now();
}

function span(one: number, other: number, newestFirst: boolean): Range {
  return { from: Math.min(one, other), to: Math.max(one, other), newestFirst };
}
