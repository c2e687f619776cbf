/**
 * Appends to a channel's log without contention. Every writer gets numbers of its own from the head, and loses them only to a reader
 * that has waited long enough (`gapless.ts`).
 */

import type { Draft } from 'fanfare-protocol/actions';
import { ProtocolError } from 'fanfare-protocol/errors';
import type { Clock } from '../clock.ts';
import type { ChannelLog } from './channel-log.ts';
import type { Batch, Entry, Head, Landing, LogStore, MessageRecord } from './log-store.ts';
import { authorOf, type Sender } from './sender.ts';

/** A reader waits before it seals, so losing even twice in a row is rare; this many times is trouble. */
const MAX_ATTEMPTS = 8;

export interface AppendPorts extends Pick<Clock, 'now'> {
  readonly channelLog: LogStore;
}

/** The outcome of an append. */
export interface Appended<Alongside> {
  /** The number of the last draft. */
  readonly seq: number;
  /** The messages that this call wrote. */
  readonly written: readonly MessageRecord[];
  /** Each batch in which the sender had written one of the keys before. */
  readonly repeated: readonly Batch[];
  /** The result of `alongside` for the write that succeeded, if a message was written. */
  readonly alongside: Alongside;
}

/**
 * Writes the drafts with consecutive numbers, all or none. Drafts whose key was written before are skipped.
 *
 * @param alongside is started each time the head has been raised, and runs while the records are written. It is not started if no
 *   draft is left to write.
 * @throws ProtocolError `busy` when the numbers are taken again and again.
 */
export async function append<Alongside>(
  log: ChannelLog<AppendPorts>,
  { drafts, sender }: { readonly drafts: readonly Draft[]; readonly sender: Sender },
  alongside: (head: Head) => Alongside,
): Promise<Appended<Alongside | undefined>> {
  const { channel, retention } = log;
  const { channelLog, now } = log.ports;
  const landed = new Map<string, Landing>();
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const waiting = notLanded(drafts, landed);
    if (waiting.length === 0) return appended(drafts, [], landed, undefined);
    const head = await channelLog.raise(channel, waiting.length, now());
    const started = alongside(head);
    const entries = numbered(waiting, head.seq, sender, now());
    const outcome = await channelLog.write(channel, entries, retention);
    if (outcome.kind === 'written') return appended(drafts, entries, landed, started);
    if (outcome.kind === 'duplicate') {
      for (const [key, landing] of outcome.landed) landed.set(key, landing);
      await abandon(log, entries);
    }
  }
  throw new ProtocolError('busy', 'The channel is too busy; send the message again.');
}

/** Without drafts whose key was written before, or stands earlier in the same list. */
function notLanded(drafts: readonly Draft[], landed: ReadonlyMap<string, Landing>): Draft[] {
  const seen = new Set(landed.keys());
  return drafts.filter(({ key }) => {
    if (key === undefined) return true;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Consecutive numbers that end at the head. */
function numbered(drafts: readonly Draft[], head: number, sender: Sender, time: number): Entry[] {
  const from = authorOf(sender);
  const first = head - drafts.length + 1;
  return drafts.map(({ data, key }, index) => ({
    record: { seq: first + index, data, time, ...(from !== undefined && { from }) },
    ...(key !== undefined && { key: { sender, key } }),
  }));
}

/** The writer that will not use its numbers seals them at once, so that no reader waits for them. */
async function abandon(
  { ports, channel, retention }: ChannelLog<AppendPorts>,
  entries: readonly Entry[],
): Promise<void> {
  await Promise.all(
    entries.map(({ record: { seq, time } }) =>
      ports.channelLog.seal(channel, { seq, void: true, time }, retention),
    ),
  );
}

function appended<Alongside>(
  drafts: readonly Draft[],
  entries: readonly Entry[],
  landed: ReadonlyMap<string, Landing>,
  alongside: Alongside,
): Appended<Alongside> {
  const numbers = new Map([...landed].map(([key, { seq }]) => [key, seq]));
  for (const { key, record } of entries) if (key !== undefined) numbers.set(key.key, record.seq);
  const lastKey = drafts.at(-1)?.key;
  const seq = lastKey === undefined ? entries.at(-1)?.record.seq : numbers.get(lastKey);
  if (seq === undefined) throw new Error('An append of no drafts has no number');
  const repeated = new Map([...landed.values()].map(({ batch }) => [batch.from, batch]));
  return { seq, written: entries.map(({ record }) => record), repeated: [...repeated.values()], alongside };
}
