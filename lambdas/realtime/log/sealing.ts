/**
 * Decides batches and numbers whose writer did not come.
 *
 * A batch is stored at its first number only. Once that number is void, no other number of the batch can get a message, so the first
 * number is always sealed before the others.
 */

import type { ChannelLog, ReadPorts } from './channel-log.ts';
import { type Batch, firstRecord, isVoid, type LogRecord } from './log-store.ts';

/**
 * The waits between looks for a missing record, before its number is sealed. The first is for a writer that is just between its
 * two writes. Their sum is far longer than the time between two writes. Milliseconds.
 */
export const PATIENCE_MS = [10, 30, 60];

/** The final records of a batch: its messages, or void numbers if its writer does not come in time. */
export async function settled(log: ChannelLog, batch: Batch): Promise<readonly LogRecord[]> {
  for (const patience of [0, ...PATIENCE_MS]) {
    if (patience > 0) await log.ports.pause(patience);
    const records = await recordsOf(log, batch);
    const [first] = records;
    if (first?.seq !== batch.from) continue;
    if (!isVoid(first)) return records;
    break;
  }
  return sealBatch(log, batch, await timeOfNext(log, batch.to));
}

async function recordsOf({ ports, channel }: ChannelLog, batch: Batch): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  for await (const record of ports.channelLog.read(channel, { ...batch, fromBatchStart: true }))
    records.push(record);
  return records;
}

/**
 * Seals all numbers of a batch, unless its messages are there.
 *
 * @returns the final records of the batch.
 */
export async function sealBatch(
  { ports, channel, retention }: ChannelLog<Pick<ReadPorts, 'channelLog'>>,
  { from, to }: Batch,
  time: number,
): Promise<readonly LogRecord[]> {
  const seal = (seq: number) => ports.channelLog.seal(channel, { seq, void: true, time }, retention);
  const stored = await seal(from);
  if (!stored.every(isVoid)) return stored;
  const rest = Array.from({ length: to - from }, (_, index) => seal(from + 1 + index));
  return [...stored, ...(await Promise.all(rest)).flat()];
}

/**
 * The time of a sealed number is that of the record after it. With the time of its sealing it would be served for longer than the
 * messages behind it. A reader would then conclude that these messages are still there (see `replay.ts`).
 */
export async function timeOfNext(
  { ports: { channelLog, now }, channel }: ChannelLog,
  seq: number,
): Promise<number> {
  const next = await firstRecord(channelLog, channel, { from: seq + 1, to: Number.MAX_SAFE_INTEGER });
  return next?.time ?? now();
}
