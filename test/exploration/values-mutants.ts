/** Mistakes with values, planted between the domain and its ports, that the exploration must find. */

import type { LogRecord } from '../../lambdas/realtime/log/log-store.ts';
import type { Setting, ValueStore } from '../../lambdas/realtime/log/value-store.ts';
import type { ValueMutant } from './values-world.ts';

/** Reads the values without settling the numbers before the head: a writer may still be on its way to one of them. */
const nothingSettled: ValueMutant = (ports) => ({
  ...ports,
  channelLog: { ...ports.channelLog, seal: async (_channel, sealed) => [sealed] },
});

/** Reads the rows only, although a row may appear after its message. */
const logOverlooked: ValueMutant = (ports) => ({
  ...ports,
  channelLog: {
    ...ports.channelLog,
    async *read(channel, range) {
      for await (const record of ports.channelLog.read(channel, range)) yield withoutName(record);
    },
  },
});

function withoutName(record: LogRecord): LogRecord {
  if ('void' in record) return record;
  const { name: _, removed: _removed, ...rest } = record;
  return rest;
}

/** Answers with a head from before the subscription was stored. */
const headReadTooEarly: ValueMutant = (ports) => {
  let early: ReturnType<typeof ports.channelLog.head> | undefined;
  return {
    ...ports,
    subscriptions: {
      ...ports.subscriptions,
      async put(subscription) {
        early = ports.channelLog.head(subscription.channel);
        await early;
        // The subscription comes after everything else, so the publishers in between do not see it.
      },
    },
    channelLog: {
      ...ports.channelLog,
      async head(channel) {
        return early ?? ports.channelLog.head(channel);
      },
    },
  };
};

/** Writes the message first and the row then, without a transaction. */
const writtenApart: ValueMutant = (ports, memory) => ({
  ...ports,
  values: {
    ...ports.values,
    async write(channel, messages, settings, kept) {
      if (!(await ports.channelLog.write(channel, messages, kept))) return { kind: 'sealed' };
      // The row alone: its message is written already, under another number of the same process.
      await ports.channelLog.head(channel);
      const aside = messages.map((message, index) => ({ ...message, seq: -message.seq - index }));
      return memory.values.write(channel, aside, settings, kept);
    },
  },
});

/** Takes every raise of the head for one after a pause, and so every number before it for settled. */
const pauseAlways: ValueMutant = (ports) => ({
  ...ports,
  channelLog: {
    ...ports.channelLog,
    async head(channel) {
      const head = await ports.channelLog.head(channel);
      return head && { ...head, settled: head.seq - 1 };
    },
  },
});

const withConditions =
  (write: (settings: readonly Setting[]) => readonly Setting[]): ValueMutant =>
  (ports) => ({
    ...ports,
    values: {
      ...ports.values,
      write: (channel, messages, settings, kept) =>
        ports.values.write(channel, messages, write(settings), kept),
    },
  });

/** Sets every value, also if its newest message is not the wanted one. */
const ifSeqPassedOver = withConditions((settings) => settings.map(({ record }) => ({ record })));

/** Compares first and writes then. */
const comparedBefore: ValueMutant = (ports) => ({
  ...ports,
  values: {
    ...ports.values,
    async write(channel, messages, settings, kept) {
      const { values } = await ports.values.page(channel, '', 100);
      for (const { record, ifSeq } of settings) {
        const current = values.find(({ name }) => name === record.name);
        if (ifSeq !== undefined && (current?.seq ?? 0) !== ifSeq)
          return { kind: 'conflict', seq: record.seq, current };
      }
      const plain = settings.map(({ record }) => ({ record }));
      return ports.values.write(channel, messages, plain, kept);
    },
  },
});

/** Writes a message below a newer one of its name, and leaves the newer value. */
const writtenBelow: ValueMutant = (ports) => ({
  ...ports,
  values: {
    ...ports.values,
    async write(channel, messages, settings, kept) {
      const outcome = await ports.values.write(channel, messages, settings, kept);
      if (outcome.kind !== 'overtaken') return outcome;
      const isWritten = await ports.channelLog.write(channel, messages, kept);
      return { kind: isWritten ? 'written' : 'sealed' };
    },
  },
});

/** Deletes the row of a removed name: an older message may come after it. */
const removalForgotten: ValueMutant = (ports, memory) => ({
  ...ports,
  values: {
    ...ports.values,
    async write(channel, messages, settings, kept) {
      const outcome = await ports.values.write(channel, messages, settings, kept);
      for (const { record } of settings)
        if (outcome.kind === 'written' && record.removed) memory.values.expire(channel, record.name);
      return outcome;
    },
  },
});

/** Goes on behind the first name of a page that did not fit. */
const pageSkipsAName: ValueMutant = (ports) => {
  const page: ValueStore['page'] = async (channel, after, most) => {
    const found = await ports.values.page(channel, after, most);
    return after === '' ? found : { ...found, values: found.values.slice(1) };
  };
  return { ...ports, values: { ...ports.values, page } };
};

export const valueMutants = {
  nothingSettled,
  logOverlooked,
  headReadTooEarly,
  pauseAlways,
  ifSeqPassedOver,
  comparedBefore,
  writtenBelow,
} satisfies Readonly<Record<string, ValueMutant>>;

/** Each shows only when the log has forgotten the messages. */
export const lateMutants = { writtenApart, removalForgotten, pageSkipsAName } satisfies Readonly<
  Record<string, ValueMutant>
>;
