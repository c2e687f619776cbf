/** Compares the promises of named values with the log, with what readers held, and with the answers that writers got. */

import type { Message } from 'fanfare-client';
import * as v from 'valibot';
import type { Messages } from './logs.ts';
import { type Judgement, judgeSubscriber, nothingWrong } from './verdict.ts';

/** A publish of a named message, by its `n` of its writer. */
export interface Claim {
  readonly channel: string;
  readonly name: string;
  readonly by: string;
  readonly n: number;
  readonly ifSeq: number | undefined;
  /** In the answer `conflict`: the number of the value, or `null` without a value. */
  readonly current?: number | null;
}

export interface Won extends Claim {
  readonly seq: number;
}

export interface Snapshot {
  /** The head of the first page. */
  readonly seq: number;
  readonly values: readonly Message[];
}

export interface Reader {
  readonly channel: string;
  readonly start: number;
  readonly live: readonly Message[];
  readonly lost: readonly unknown[];
  readonly snapshots: readonly Snapshot[];
}

export interface ValuesWitness {
  readonly holdings: readonly Reader[];
  readonly won: readonly Won[];
  readonly conflicts: readonly Claim[];
  readonly failures: readonly string[];
}

export interface ValuesJudgement {
  /** Readers whose values are not those of the log, long after the last message. */
  readonly staleAfterQuiet: number;
  /** Messages in the log whose `ifSeq` names a message that another one has followed already. */
  readonly twoWinners: number;
  /** Publishes that were answered `conflict` and stand in the log, or had no other value before them. */
  readonly falseConflicts: number;
}

const payload = v.object({ by: v.string(), n: v.number(), ifSeq: v.optional(v.number()) });

type Fold = ReadonlyMap<string, Message>;

/** A channel that could not be read has no log, and is not checked. */
export function judgeValues(
  witnesses: readonly ValuesWitness[],
  logs: ReadonlyMap<string, Messages>,
): Judgement & ValuesJudgement {
  const common = nothingWrong();
  const won = witnesses.flatMap((one) => one.won);
  let staleAfterQuiet = 0;
  let twoWinners = 0;
  let falseConflicts = 0;
  for (const { holdings, failures } of witnesses) {
    common.refused += failures.length;
    for (const reader of holdings) {
      const log = logs.get(reader.channel);
      if (!log) continue;
      judgeSubscriber(heardBy(reader), dataOf(log), common);
      staleAfterQuiet += countStale(reader, log);
    }
  }
  for (const [channel, log] of logs) {
    const here = won.filter((one) => one.channel === channel);
    common.lost += here.filter((one) => !stands(one, log)).length;
    common.twice += log.size - written(log).size - [...log.values()].filter(({ removed }) => removed).length;
    twoWinners += countTwoWinners(here, log);
    const conflicts = witnesses.flatMap((one) => one.conflicts).filter((one) => one.channel === channel);
    falseConflicts += conflicts.filter((one) => isFalse(one, log)).length;
  }
  return { ...common, staleAfterQuiet, twoWinners, falseConflicts };
}

/** The log of the subscription itself, for the promises of all messages. */
function heardBy({ channel, start, live, lost }: Reader) {
  const messages = live.map(({ seq = 0, data }) => ({ seq, data }));
  return { channel, start, messages, lost: [...lost] };
}

function dataOf(log: Messages): ReadonlyMap<number, unknown> {
  return new Map([...log].map(([seq, { data }]) => [seq, data]));
}

/**
 * Each snapshot with the log behind its head must be the values of the log. The first one with the messages that came live must be, too:
 * that is what a page shows.
 */
function countStale({ snapshots, live }: Reader, log: Messages): number {
  const truth = foldOf([...log.values()]);
  const [first] = snapshots;
  const shown = first ? [foldOf([...first.values, ...after(live, first.seq)])] : [];
  const complete = snapshots.map(({ seq, values }) => foldOf([...values, ...after([...log.values()], seq)]));
  return [...shown, ...complete].filter((fold) => !isEqual(fold, truth)).length;
}

function after(messages: readonly Message[], position: number): readonly Message[] {
  return messages.filter(({ seq = 0 }) => seq > position);
}

/** The newest message of each name that has a value. */
function foldOf(messages: readonly Message[]): Fold {
  const newest = new Map<string, Message>();
  for (const message of messages) {
    const { name, seq = 0 } = message;
    if (name !== undefined && seq > (newest.get(name)?.seq ?? 0)) newest.set(name, message);
  }
  return new Map([...newest].filter(([, { removed }]) => !removed));
}

function isEqual(one: Fold, other: Fold): boolean {
  return one.size === other.size && [...one].every(([name, value]) => isSame(value, other.get(name)));
}

function isSame(one: Message, other: Message | undefined): boolean {
  return one.seq === other?.seq && JSON.stringify(one.data) === JSON.stringify(other?.data);
}

/** The acknowledged message stands at its number. */
function stands({ seq, name, by, n }: Won, log: Messages): boolean {
  const found = log.get(seq);
  if (found?.name !== name) return false;
  return found.removed === true || keyOf(found) === `${by} ${n}`;
}

/** `by` and `n` of all messages that are no removals. */
function written(log: Messages): ReadonlySet<string> {
  return new Set([...log.values()].flatMap((message) => (message.removed ? [] : [keyOf(message)])));
}

function keyOf({ data }: Message): string {
  const { by, n } = v.parse(payload, data);
  return `${by} ${n}`;
}

/** By the log, and by the answers: two writers were told that they have followed the same message. */
function countTwoWinners(won: readonly Won[], log: Messages): number {
  const wanted = new Map([...log].flatMap(([seq, message]) => wantedBy(seq, message)));
  for (const { seq, ifSeq } of won) if (ifSeq !== undefined) wanted.set(seq, ifSeq);
  const late = [...wanted].filter(([seq, ifSeq]) => log.has(seq) && !isNext(seq, ifSeq, log));
  const followers = new Map<string, number>();
  const told = won.filter(({ seq, name, ifSeq = 0 }) => {
    const first = followers.get(`${name} ${ifSeq}`) ?? seq;
    followers.set(`${name} ${ifSeq}`, first);
    return ifSeq > 0 && seq !== first;
  });
  return new Set([...late.map(([seq]) => seq), ...told.map(({ seq }) => seq)]).size;
}

function wantedBy(seq: number, { data, removed }: Message): [number, number][] {
  const { ifSeq } = removed ? {} : v.parse(payload, data);
  return ifSeq === undefined ? [] : [[seq, ifSeq]];
}

/** Whether the newest message of the name before this one is the one that `ifSeq` names. */
function isNext(seq: number, ifSeq: number, log: Messages): boolean {
  const name = log.get(seq)?.name;
  const before = [...log.values()].filter((one) => one.name === name && (one.seq ?? 0) < seq).at(-1);
  return ifSeq > 0 ? before?.seq === ifSeq : before === undefined || before.removed === true;
}

function isFalse({ by, n, name, ifSeq, current }: Claim, log: Messages): boolean {
  if (written(log).has(`${by} ${n}`)) return true;
  if (current === undefined || current === null) return ifSeq === 0;
  return current === ifSeq || log.get(current)?.name !== name;
}
