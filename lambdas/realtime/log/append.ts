/**
 * Appends to a channel's log without contention. Every writer gets numbers of its own from the head, and loses them only to a reader
 * that has waited long enough (`gapless.ts`).
 */

import { ProtocolError } from 'fanfare-protocol/errors';
import type { ChannelLog } from './channel-log.ts';
import { type EditOutcome, type Original, writeEdit } from './editing.ts';
import type { LogDraft } from './log-draft.ts';
import {
  type Batch,
  batchOf,
  type Head,
  isEdit,
  isVoid,
  type MessageRecord,
  type Pointer,
  type SealedRecord,
} from './log-store.ts';
import { marksOf } from './message-frame.ts';
import { type ValuePorts, writeMessages } from './naming.ts';
import { type Entry, KeyRows, notLanded } from './pointing.ts';
import { sealBatch } from './sealing.ts';
import { authorOf, type Sender, type SenderKey } from './sender.ts';
import type { Outcome, ValueRecord } from './value-store.ts';

/** A reader waits before it seals, so losing even twice in a row is rare; this many times is trouble. */
const MAX_ATTEMPTS = 8;

export type AppendPorts = ValuePorts;

/** The newest message of a name is not the one that a draft wants, so nothing was written. */
type Conflict = Extract<Outcome, { kind: 'conflict' }>;

/** The outcome of an append. */
export interface Appended<Alongside> {
  /** The number of each draft, in their order. */
  readonly seqs: number[];
  /** The messages that this call wrote. */
  readonly written: readonly MessageRecord[];
  /** A key of these messages; `undefined` if none has one. */
  readonly key: SenderKey | undefined;
  /** Void numbers of which the subscribers have not been told: those that this call or a dead writer gave up, and those that were left at the head. */
  readonly untold: readonly SealedRecord[];
  /** Each batch in which the sender had written one of the keys before, and that may not have been sent to all subscribers. */
  readonly repeated: readonly Batch[];
  /** A draft that cannot be written, if there is one. */
  readonly conflict?: { readonly draft: LogDraft; readonly current: ValueRecord | undefined };
  /** Why an edit cannot be written any more, if it cannot. */
  readonly refusal?: ProtocolError;
  /** The result of `alongside` for the last raise of the head, if there was one. */
  readonly alongside: Alongside;
}

export interface Drafts {
  readonly drafts: readonly LogDraft[];
  readonly sender: Sender;
  /** The message that the only draft replaces, as its writer has found it. */
  readonly original?: Original;
  /** Keys that are known to be written. Their drafts are not written again, even if the keys have expired meanwhile. */
  readonly landed?: ReadonlyMap<string, Pointer>;
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
  { drafts, sender, original, landed: known = new Map() }: Drafts,
  alongside: (head: Head) => Alongside,
): Promise<Appended<Alongside | undefined>> {
  const { channel } = log;
  const { channelLog, now } = log.ports;
  const landed = new Map(known);
  const keyRows = new KeyRows(log);
  const untold: SealedRecord[] = [];
  const told = () => inOrder([...untold, ...keyRows.untold]);
  let started: Alongside | undefined;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const waiting = notLanded(drafts, landed);
    if (waiting.length === 0) return { ...appended(drafts, [], landed), untold: told(), alongside: started };
    const head = await channelLog.raise(channel, waiting.length, now(), log.keeping !== undefined);
    started = alongside(head);
    const entries = numbered(waiting, head.seq, sender, now());
    const messages = entries.map(({ record }) => record);
    untold.push(...leftBefore(messages, head));
    const before = await keyRows.point(entries, batchOf(messages));
    const outcome = before.size === 0 ? await write(log, entries, original) : undefined;
    if (outcome?.kind === 'written')
      return { ...appended(drafts, entries, landed), untold: told(), alongside: started };
    for (const [key, pointer] of before) landed.set(key, pointer);
    untold.push(...(await abandon(log, messages)));
    keyRows.giveUp(batchOf(messages));
    if (outcome?.kind === 'conflict')
      return { ...refused(outcome, entries), untold: told(), alongside: started };
    if (outcome?.kind === 'refused')
      return { ...NOTHING_WRITTEN, refusal: outcome.error, untold: told(), alongside: started };
  }
  throw new ProtocolError('busy', 'The channel is too busy; send the message again.');
}

interface Written extends Entry {
  readonly draft: LogDraft;
}

/** An edit is written alone, and together with the message that it replaces. */
function write(
  log: ChannelLog<AppendPorts>,
  entries: readonly Written[],
  original: Original | undefined,
): Promise<Outcome | EditOutcome> {
  const edit = entries.map(({ record }) => record).find(isEdit);
  if (edit) return writeEdit(log, edit, original);
  return writeMessages(
    log,
    entries.map(({ record, draft }) => ({ record, ifSeq: draft.ifSeq })),
  );
}

/** Consecutive numbers that end at the head. */
function numbered(drafts: readonly LogDraft[], head: number, sender: Sender, time: number): Written[] {
  const from = authorOf(sender);
  const first = head - drafts.length + 1;
  return drafts.map((draft, index) => ({
    draft,
    record: {
      seq: first + index,
      data: draft.remove ? null : draft.data,
      time,
      ...(from !== undefined && { from }),
      ...marksOf(draft),
    },
    ...(draft.key !== undefined && { key: { sender, key: draft.key } }),
  }));
}

/** The void numbers right before these. Older ones were told with the numbers behind them. */
function leftBefore([first]: readonly MessageRecord[], { left }: Head): SealedRecord[] {
  if (!first || left?.to !== first.seq - 1) return [];
  const { from, to } = left;
  const { time } = first;
  return Array.from({ length: to - from + 1 }, (_, index) => ({ seq: from + index, void: true, time }));
}

/**
 * The writer that will not use its numbers seals them at once, so that no reader waits for them.
 *
 * @returns the numbers that are void now.
 */
async function abandon(
  log: ChannelLog<AppendPorts>,
  messages: readonly MessageRecord[],
): Promise<SealedRecord[]> {
  const records = await sealBatch(log, batchOf(messages), messages[0]?.time ?? log.ports.now());
  return records.filter(isVoid);
}

/** Each number once. */
function inOrder(records: readonly SealedRecord[]): SealedRecord[] {
  const bySeq = new Map(records.map((record) => [record.seq, record]));
  return [...bySeq.values()].toSorted((one, other) => one.seq - other.seq);
}

function appended(
  drafts: readonly LogDraft[],
  entries: readonly Entry[],
  landed: ReadonlyMap<string, Pointer>,
): Omit<Appended<never>, 'untold' | 'alongside'> {
  const numbers = new Map([...landed].map(([key, { seq }]) => [key, seq]));
  for (const { key, record } of entries) if (key !== undefined) numbers.set(key.key, record.seq);
  const withoutKey = entries.filter((entry) => entry.key === undefined).values();
  const seqs = drafts.map((draft) => {
    const seq = draft.key === undefined ? withoutKey.next().value?.record.seq : numbers.get(draft.key);
    if (seq === undefined) throw new Error('A draft that was appended has no number');
    return seq;
  });
  const key = entries.find((entry) => entry.key)?.key;
  return { seqs, written: entries.map(({ record }) => record), key, repeated: unsentBatches(landed) };
}

const NOTHING_WRITTEN = { seqs: [], written: [], key: undefined, repeated: [] };

function refused(
  { seq, current }: Conflict,
  entries: readonly Written[],
): Omit<Appended<never>, 'untold' | 'alongside'> {
  const draft = entries.find(({ record }) => record.seq === seq)?.draft;
  if (!draft) throw new Error('The store names a message that was not to be written');
  return { ...NOTHING_WRITTEN, conflict: { draft, current } };
}

/** The row of one key speaks for its whole batch. */
function unsentBatches(landed: ReadonlyMap<string, Pointer>): Batch[] {
  const landings = [...landed.values()];
  const sent = new Set(landings.filter(({ isSent }) => isSent).map(({ batch }) => batch.from));
  const batches = new Map(landings.map(({ batch }) => [batch.from, batch]));
  return [...batches.values()].filter(({ from }) => !sent.has(from));
}
