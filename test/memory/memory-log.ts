/** The channel log in memory, with DynamoDB's semantics. The same contract tests both. */

import {
  batchOf,
  type Entry,
  type Head,
  type Landing,
  type LogRecord,
  type LogStore,
  type MessageRecord,
  type Range,
} from '../../lambdas/realtime/log/log-store.ts';
import { publishKeyOf, type SenderKey } from '../../lambdas/realtime/log/sender.ts';

const KEY_WINDOW_MS = 10 * 60 * 1000;

export interface MemoryLog extends LogStore {
  /** Deletes a record, as TTL does some time after it has expired. */
  expire(channel: string, seq: number): void;
}

interface KeyRecord extends Landing {
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
  const records = new Map<string, Map<number, LogRecord>>();
  const keys = new Map<string, KeyRecord>();
  const recordsOf = (channel: string) => {
    const found = records.get(channel) ?? new Map<number, LogRecord>();
    records.set(channel, found);
    return found;
  };
  const shardsOf = (channel: string) => shards.get(channel) ?? 1;

  function landedKeys(channel: string, entries: readonly Entry[]): Map<string, Landing> {
    const landed = new Map<string, Landing>();
    for (const [key, { time }] of keyed(entries)) {
      const found = keys.get(publishKeyOf(channel, key));
      if (!found || found.expiresAt <= time) continue;
      landed.set(key.key, { seq: found.seq, batch: found.batch });
    }
    return landed;
  }

  return {
    async raise(channel, count, now) {
      const { seq, createdAt } = heads.get(channel) ?? { seq: now, createdAt: now };
      const head = { seq: seq + count, createdAt };
      heads.set(channel, head);
      return { ...head, shardCount: shardsOf(channel) };
    },
    async head(channel) {
      const head = heads.get(channel);
      return head && { ...head, shardCount: shardsOf(channel) };
    },
    async write(channel, entries) {
      const known = recordsOf(channel);
      const landed = landedKeys(channel, entries);
      if (landed.size > 0) return { kind: 'duplicate', landed };
      if (entries.some(({ record }) => known.has(record.seq))) return { kind: 'taken' };
      for (const { record } of entries) known.set(record.seq, record);
      for (const [key, { seq, time }] of keyed(entries)) {
        const expiresAt = time + KEY_WINDOW_MS;
        keys.set(publishKeyOf(channel, key), { seq, batch: batchOf(entries), expiresAt });
      }
      return { kind: 'written' };
    },
    async seal(channel, sealed) {
      const known = recordsOf(channel);
      const found = known.get(sealed.seq);
      if (found) return found;
      known.set(sealed.seq, sealed);
      return sealed;
    },
    async *read(channel, range) {
      yield* inRange(recordsOf(channel), range);
    },
    expire(channel, seq) {
      recordsOf(channel).delete(seq);
    },
  };
}

function keyed(entries: readonly Entry[]): (readonly [key: SenderKey, record: MessageRecord])[] {
  return entries.flatMap(({ key, record }) => (key === undefined ? [] : [[key, record] as const]));
}

function inRange(records: ReadonlyMap<number, LogRecord>, { from, to, newestFirst }: Range): LogRecord[] {
  const found = [...records.values()].filter(({ seq }) => seq >= from && seq <= to);
  return found.toSorted((one, other) => (newestFirst ? other.seq - one.seq : one.seq - other.seq));
}
