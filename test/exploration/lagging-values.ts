/**
 * Values whose rows appear a while after their messages. A transaction is all or nothing, but a reader may see one of its items before
 * the other: only a request for one item, or a transaction of reads, sees the parts together.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-isolation
 */

import type { ValueRecord, ValueStore } from '../../lambdas/realtime/log/value-store.ts';
import type { Scheduler } from './scheduler.ts';

/** What readers still see in place of a row. */
interface Hidden {
  readonly before: ValueRecord | undefined;
}

/** The table itself never dies. */
const TABLE = 'table';

export function laggingValues(values: ValueStore, scheduler: Scheduler): ValueStore {
  const hidden = new Map<string, Hidden>();
  scheduler.spare(TABLE);

  const seenIn = async (channel: string): Promise<ValueRecord[]> => {
    const { values: rows } = await values.page(channel, '', Number.POSITIVE_INFINITY);
    return rows.flatMap((row) => {
      const lagging = hidden.get(row.name);
      return (lagging ? lagging.before : row) ?? [];
    });
  };

  return {
    async write(channel, messages, settings, kept) {
      const { values: rows } = await values.page(channel, '', Number.POSITIVE_INFINITY);
      const outcome = await values.write(channel, messages, settings, kept);
      if (outcome.kind !== 'written') return outcome;
      const appearing = settings.map(({ record: { name } }) => {
        // The next transaction of the name begins when the one before has ended.
        const own = { before: rows.find((row) => row.name === name) };
        hidden.set(name, own);
        return scheduler.step(TABLE, `shows ${name}`, async () => {
          if (hidden.get(name) === own) hidden.delete(name);
        });
      });
      await Promise.all(appearing);
      return outcome;
    },
    async page(channel, after, most) {
      const rest = (await seenIn(channel)).filter(({ name }) => name > after);
      const page = rest.slice(0, most);
      const next = rest.length > most ? page.at(-1)?.name : undefined;
      return { values: page, ...(next !== undefined && { next }) };
    },
  };
}
