/** The channel log in memory, with DynamoDB's semantics. The same contract tests both. */

import { isDeepStrictEqual } from 'node:util';
import { withContents } from '../../lambdas/realtime/log/contents.ts';
import {
  batchOf,
  type Head,
  type LogRecord,
  type LogStore,
  type MessageRecord,
  PAUSE_MS,
  type Pointer,
  type Range,
} from '../../lambdas/realtime/log/log-store.ts';
import { publishKeyOf } from '../../lambdas/realtime/log/sender.ts';

const KEY_WINDOW_MS = 10 * 60 * 1000;

export interface MemoryLog extends LogStore {
  /** Deletes what is stored at a number, as TTL does some time after it has expired. */
  expire(channel: string, seq: number): void;
  /** `write` at once, as a part of a transaction. */
  writeNow(channel: string, messages: readonly MessageRecord[]): boolean;
  /** `read` without the contents of edits. */
  bare(channel: string, range: Range): readonly LogRecord[];
}

interface KeyRow extends Pointer {
  readonly expiresAt: number;
}

/**
 * @param shards the number of shards by channel, as the stores know it.
 * @param heads shared with the directory.
 */
export function memoryLog(
  shards: ReadonlyMap<string, number> = new Map(),
  heads = new Map<string, Omit<Head, 'shardCount'>>(),
): MemoryLog {
  /** By channel and first number: one record, or the messages of a batch. */
  const records = new Map<string, Map<number, readonly LogRecord[]>>();
  const keys = new Map<string, KeyRow>();
  const recordsOf = (channel: string) => {
    const found = records.get(channel) ?? new Map<number, readonly LogRecord[]>();
    records.set(channel, found);
    return found;
  };
  const shardsOf = (channel: string) => shards.get(channel) ?? 1;

  function pointerOf(name: string, time: number): Pointer | undefined {
    const found = keys.get(name);
    if (!found || found.expiresAt <= time) return undefined;
    const { seq, batch, isSent } = found;
    return { seq, batch, ...(isSent && { isSent }) };
  }

  function writeNow(channel: string, messages: readonly MessageRecord[]): boolean {
    const known = recordsOf(channel);
    const { from } = batchOf(messages);
    if (known.has(from)) return false;
    known.set(from, messages);
    return true;
  }

  function publishOf(channel: string, seq: number): readonly LogRecord[] | undefined {
    const stored = [...recordsOf(channel).values()];
    return stored.find((records) => records.some((record) => record.seq === seq));
  }

  const filled = (channel: string, page: readonly (readonly LogRecord[])[]) =>
    withContents(page, async (seq) => publishOf(channel, seq));

  return {
    async raise(channel, count, now, notesPauses = false) {
      const known = heads.get(channel) ?? { seq: now, createdAt: now };
      const head = { ...known, seq: known.seq + count, ...(notesPauses && notedPause(known, now)) };
      heads.set(channel, head);
      return { ...head, shardCount: shardsOf(channel) };
    },
    async head(channel) {
      const head = heads.get(channel);
      return head && { ...head, shardCount: shardsOf(channel) };
    },
    async point(channel, { key, seq, batch, time, voidBatches }) {
      const name = publishKeyOf(channel, key);
      const pointer = pointerOf(name, time);
      if (pointer && !voidBatches.includes(pointer.batch.from)) return pointer;
      keys.set(name, { seq, batch, expiresAt: time + KEY_WINDOW_MS });
      return undefined;
    },
    async write(channel, messages) {
      return writeNow(channel, messages);
    },
    writeNow,
    async pointers(channel, wanted, time) {
      const found = wanted.map((key) => [key.key, pointerOf(publishKeyOf(channel, key), time)] as const);
      return new Map(found.flatMap(([key, pointer]) => (pointer ? [[key, pointer] as const] : [])));
    },
    async markSent(channel, key) {
      const name = publishKeyOf(channel, key);
      const found = keys.get(name);
      if (found) keys.set(name, { ...found, isSent: true });
    },
    async leave(channel, left) {
      const head = heads.get(channel);
      if (head?.seq !== left.to) return false;
      heads.set(channel, { ...head, left });
      return true;
    },
    async seal(channel, sealed) {
      const known = recordsOf(channel);
      const found = known.get(sealed.seq);
      if (found) return (await filled(channel, [found])).flat();
      known.set(sealed.seq, [sealed]);
      return [sealed];
    },
    async publishOf(channel, seq) {
      return publishOf(channel, seq);
    },
    async edit(channel, { edit, before, after }) {
      const known = recordsOf(channel);
      if (known.has(edit.seq)) return 'sealed';
      const { from } = batchOf(before);
      if (!isDeepStrictEqual(known.get(from), before)) return 'changed';
      known.set(from, after);
      known.set(edit.seq, [{ ...edit, data: null }]);
      return 'written';
    },
    bare: (channel, range) => inRange(recordsOf(channel), range),
    async *read(channel, range) {
      yield* (await filled(channel, [inRange(recordsOf(channel), range)])).flat();
    },
    expire(channel, seq) {
      recordsOf(channel).delete(seq);
    },
  };
}

function notedPause({ seq, raisedAt = 0, settled = seq }: Omit<Head, 'shardCount'>, now: number) {
  return { raisedAt: now, settled: raisedAt > now - PAUSE_MS ? settled : seq };
}

function inRange(
  stored: ReadonlyMap<number, readonly LogRecord[]>,
  { from, to, newestFirst = false, most, fromBatchStart = false }: Range,
): LogRecord[] {
  const firsts = [...stored.keys()].toSorted((one, other) => one - other);
  const begun = fromBatchStart ? firsts.filter((first) => first >= from) : firsts;
  const found = begun
    .flatMap((first) => stored.get(first) ?? [])
    .filter(({ seq }) => seq >= from && seq <= to);
  const ordered = newestFirst ? found.toReversed() : found;
  return onceEach(ordered).slice(0, most);
}

/** A number that was sealed inside of a batch has two records. Which one a reader meets first depends on its direction. */
function onceEach(records: readonly LogRecord[]): LogRecord[] {
  const seen = new Set<number>();
  return records.filter(({ seq }) => !seen.has(seq) && seen.add(seq));
}
