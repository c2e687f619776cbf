/** Mistakes, planted between the domain and its ports, that the exploration must find. */

import type { Ports, Subscription } from '../../lambdas/realtime/ports.ts';
import type { MemoryPorts } from '../memory/memory-ports.ts';

/** The ports of a process with a mistake in them; `memory` is what they all share, past the scheduler. */
export type Mutant = (ports: Ports, memory: MemoryPorts) => Ports;

const nothingSealed: Mutant = (ports) => ({
  ...ports,
  channelLog: { ...ports.channelLog, seal: async (_channel, sealed) => sealed },
});

const sealedWithoutCondition: Mutant = (ports, memory) => ({
  ...ports,
  channelLog: {
    ...ports.channelLog,
    async seal(channel, sealed, retention) {
      memory.channelLog.expire(channel, sealed.seq);
      return ports.channelLog.seal(channel, sealed, retention);
    },
  },
});

const subscribedAfterTheHeadWasRead: Mutant = (ports) => {
  const late: Subscription[] = [];
  return {
    ...ports,
    subscriptions: {
      ...ports.subscriptions,
      async put(subscription) {
        late.push(subscription);
      },
    },
    channelLog: {
      ...ports.channelLog,
      async head(channel) {
        const head = await ports.channelLog.head(channel);
        for (const subscription of late.splice(0)) await ports.subscriptions.put(subscription);
        return head;
      },
    },
  };
};

const postedBeforeWritten: Mutant = (ports) => {
  const late: (() => Promise<unknown>)[] = [];
  return {
    ...ports,
    channelLog: {
      ...ports.channelLog,
      async write(...args) {
        late.push(() => ports.channelLog.write(...args));
        return { kind: 'written' };
      },
    },
    outbound: {
      ...ports.outbound,
      async post(...args) {
        const outcome = await ports.outbound.post(...args);
        for (const write of late.splice(0)) await write();
        return outcome;
      },
    },
  };
};

const headReadInconsistently: Mutant = (ports) => ({
  ...ports,
  channelLog: {
    ...ports.channelLog,
    async head(channel) {
      const head = await ports.channelLog.head(channel);
      return head && { ...head, seq: Math.max(head.createdAt, head.seq - 1) };
    },
  },
});

const subscribersReadBeforeTheHeadWasRaised: Mutant = (ports) => {
  let early: Subscription[] = [];
  return {
    ...ports,
    channelLog: {
      ...ports.channelLog,
      async raise(channel, count, now) {
        early = [];
        for await (const subscription of ports.subscriptions.of(channel, now)) early.push(subscription);
        return ports.channelLog.raise(channel, count, now);
      },
    },
    subscriptions: {
      ...ports.subscriptions,
      async *of() {
        yield* early;
      },
    },
  };
};

const keysNotChecked: Mutant = (ports) => ({
  ...ports,
  channelLog: {
    ...ports.channelLog,
    write: (channel, entries, retention) =>
      ports.channelLog.write(
        channel,
        entries.map(({ record }) => ({ record })),
        retention,
      ),
  },
});

export const mutants: Readonly<Record<string, Mutant>> = {
  nothingSealed,
  sealedWithoutCondition,
  subscribedAfterTheHeadWasRead,
  postedBeforeWritten,
  headReadInconsistently,
  subscribersReadBeforeTheHeadWasRaised,
  keysNotChecked,
};
