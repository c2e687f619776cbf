/** Mistakes with keys and batches of the log, planted between the domain and its ports, that the exploration must find. */

import type { LogRecord } from '../../lambdas/realtime/log/log-store.ts';
import type { Mutant } from './mutants.ts';

/** Takes a key from any other publish, also from one that writes. */
const pointedWithoutCondition: Mutant = (ports) => ({
  ...ports,
  channelLog: {
    ...ports.channelLog,
    async point(channel, pointing) {
      const before = await ports.channelLog.point(channel, pointing);
      if (!before) return undefined;
      return ports.channelLog.point(channel, { ...pointing, voidBatches: [before.batch.from] });
    },
  },
});

/** Believes that a publish whose message is not there yet has died, and does not make sure. */
const pointedAwayFromAWriter: Mutant = (ports) => ({
  ...ports,
  channelLog: {
    ...ports.channelLog,
    async point(channel, pointing) {
      const before = await ports.channelLog.point(channel, pointing);
      if (!before) return undefined;
      for await (const _ of ports.channelLog.read(channel, before.batch)) return before;
      return ports.channelLog.point(channel, { ...pointing, voidBatches: [before.batch.from] });
    },
  },
});

/** Writes its messages, and only then asks whether another publish has written them. */
const pointedAfterItWrote: Mutant = (ports) => {
  const late: (() => Promise<unknown>)[] = [];
  return {
    ...ports,
    channelLog: {
      ...ports.channelLog,
      async point(...args) {
        late.push(() => ports.channelLog.point(...args));
        return undefined;
      },
      async write(...args) {
        const isWritten = await ports.channelLog.write(...args);
        for (const point of late.splice(0)) await point();
        return isWritten;
      },
    },
  };
};

/** Answers a key that points at a number as written, although its writer may have died before it wrote. */
const takesAPointerForAMessage: Mutant = (ports) => {
  const believed = new Map<number, LogRecord>();
  return {
    ...ports,
    channelLog: {
      ...ports.channelLog,
      async point(channel, pointing) {
        const before = await ports.channelLog.point(channel, pointing);
        if (before) believed.set(before.seq, { seq: before.seq, data: 'believed', time: pointing.time });
        return before;
      },
      async *read(channel, range) {
        const record = believed.get(range.from);
        if (record) yield record;
        else yield* ports.channelLog.read(channel, range);
      },
    },
  };
};

/** Each needs publishes that share a key. */
export const keyMutants = {
  pointedWithoutCondition,
  pointedAwayFromAWriter,
  pointedAfterItWrote,
  takesAPointerForAMessage,
} satisfies Readonly<Record<string, Mutant>>;

/** Seals a number behind a missing one first, into a batch whose writer is slow. */
const sealedFromTheTop: Mutant = (ports) => ({
  ...ports,
  channelLog: {
    ...ports.channelLog,
    async seal(channel, sealed, retention) {
      await ports.channelLog.seal(channel, { ...sealed, seq: sealed.seq + 1 }, retention);
      return ports.channelLog.seal(channel, sealed, retention);
    },
  },
});

/** Does not look for a batch that begins before the numbers that it reads. */
const batchesOverlooked: Mutant = (ports) => ({
  ...ports,
  channelLog: {
    ...ports.channelLog,
    read: (channel, range) => ports.channelLog.read(channel, { ...range, fromBatchStart: true }),
  },
});

/** Seals from the number at which it reads on, although a batch that covers it may begin before. */
const sealedFromWithin: Mutant = (ports) => ({
  ...ports,
  channelLog: {
    ...ports.channelLog,
    read(channel, range) {
      const isLookBelow = range.most === 1 && range.newestFirst === true;
      return isLookBelow ? justBefore(range.to) : ports.channelLog.read(channel, range);
    },
  },
});

async function* justBefore(seq: number): AsyncGenerator<LogRecord> {
  yield { seq, void: true, time: 0 };
}

/** Each needs a batch, and a reader that begins inside of it or reads backwards. */
export const batchMutants = {
  sealedFromTheTop,
  batchesOverlooked,
  sealedFromWithin,
} satisfies Readonly<Record<string, Mutant>>;
