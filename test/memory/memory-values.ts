/** The values of channels in memory, with DynamoDB's semantics. The same contract tests both. */

import { refusalOf, type ValueRecord, type ValueStore } from '../../lambdas/realtime/log/value-store.ts';
import type { MemoryLog } from './memory-log.ts';

export interface MemoryValues extends ValueStore {
  /** Deletes the row of a name, as TTL does some time after it has expired. */
  expire(channel: string, name: string): void;
}

/** @param log with which the values change together. */
export function memoryValues(log: Pick<MemoryLog, 'writeNow'>): MemoryValues {
  const rows = new Map<string, Map<string, ValueRecord>>();
  const rowsOf = (channel: string) => {
    const found = rows.get(channel) ?? new Map<string, ValueRecord>();
    rows.set(channel, found);
    return found;
  };
  return {
    async write(channel, messages, settings, kept) {
      const known = rowsOf(channel);
      const refusals = settings.flatMap(
        (setting) => refusalOf(known.get(setting.record.name), setting, kept) ?? [],
      );
      const conflict = refusals.find(({ kind }) => kind === 'conflict');
      if (conflict) return conflict;
      const [overtaken] = refusals;
      if (overtaken) return overtaken;
      if (!log.writeNow(channel, messages)) return { kind: 'sealed' };
      for (const { record } of settings) known.set(record.name, record);
      return { kind: 'written' };
    },
    async page(channel, after, most) {
      const rest = [...rowsOf(channel).values()]
        .filter(({ name }) => Buffer.compare(Buffer.from(name), Buffer.from(after)) > 0)
        .toSorted((one, other) => Buffer.compare(Buffer.from(one.name), Buffer.from(other.name)));
      const values = rest.slice(0, most);
      const next = rest.length > most ? values.at(-1)?.name : undefined;
      return { values, ...(next !== undefined && { next }) };
    },
    expire(channel, name) {
      rowsOf(channel).delete(name);
    },
  };
}
