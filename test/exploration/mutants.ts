/** Mistakes, planted between the domain and its ports, that the exploration must find. */

import type {
  Subscription,
  SubscriptionPage,
} from '../../lambdas/realtime/connections/subscription-store.ts';
import type { PublishPorts } from '../../lambdas/realtime/log/publish.ts';
import { EVENTS } from '../../lambdas/realtime/log/sender.ts';

/** Deletes a record, past all rules: for a mistake that needs a database without conditions. */
export type Remove = (channel: string, seq: number) => unknown;

/** The ports of a process with a mistake in them. */
export type Mutant = (ports: PublishPorts, remove: Remove) => PublishPorts;

const nothingSealed: Mutant = (ports) => ({
  ...ports,
  channelLog: { ...ports.channelLog, seal: async (_channel, sealed) => sealed },
});

const sealedWithoutCondition: Mutant = (ports, remove) => ({
  ...ports,
  channelLog: {
    ...ports.channelLog,
    async seal(channel, sealed, retention) {
      await remove(channel, sealed.seq);
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
  let early: SubscriptionPage = { subscriptions: [] };
  return {
    ...ports,
    channelLog: {
      ...ports.channelLog,
      async raise(channel, count, now) {
        early = await ports.subscriptions.page({ channel, shard: 0 });
        return ports.channelLog.raise(channel, count, now);
      },
    },
    subscriptions: {
      ...ports.subscriptions,
      async page() {
        return early;
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

/** A client that guesses another's key takes it from them. */
const keysWithoutSender: Mutant = (ports) => ({
  ...ports,
  channelLog: {
    ...ports.channelLog,
    write: (channel, entries, retention) =>
      ports.channelLog.write(
        channel,
        entries.map(({ record, key }) => ({ record, ...(key && { key: { ...key, sender: EVENTS } }) })),
        retention,
      ),
  },
});

const sentOnceMoreWithoutClaim: Mutant = (ports) => {
  let starts = 0;
  return {
    ...ports,
    deliveries: {
      ...ports.deliveries,
      start(task) {
        starts += 1;
        return ports.deliveries.start({ ...task, broadcast: { ...task.broadcast, id: `start ${starts}` } });
      },
    },
  };
};

/** Needs a writer that dies between writing and posting, which is rare among many processes. */
export const neverSentOnceMore: Mutant = (ports) => ({
  ...ports,
  deliveries: { ...ports.deliveries, async start() {} },
});

/**
 * Takes position 0 for the number before the first record that is still there, so that expired records are not reported as
 * missing. Needs a channel with an expired message.
 */
export const beginsWithWhatIsKept: Mutant = (ports) => ({
  ...ports,
  channelLog: {
    ...ports.channelLog,
    async head(channel) {
      const head = await ports.channelLog.head(channel);
      if (!head) return head;
      for await (const { seq } of ports.channelLog.read(channel, { from: 0, to: head.seq }))
        return { ...head, createdAt: seq - 1 };
      return { ...head, createdAt: head.seq };
    },
  },
});

/** Needs a channel that grows, and so is not one of `mutants`, which every case finds. */
export const oneShardForEver: Mutant = (ports) => ({
  ...ports,
  channelLog: {
    ...ports.channelLog,
    raise: async (...args) => ({ ...(await ports.channelLog.raise(...args)), shardCount: 1 }),
  },
});

export const mutants = {
  nothingSealed,
  sealedWithoutCondition,
  subscribedAfterTheHeadWasRead,
  postedBeforeWritten,
  headReadInconsistently,
  subscribersReadBeforeTheHeadWasRaised,
  keysNotChecked,
  keysWithoutSender,
  sentOnceMoreWithoutClaim,
} satisfies Readonly<Record<string, Mutant>>;

export type MutantName = keyof typeof mutants;

export function isMutantName(name: string): name is MutantName {
  return Object.hasOwn(mutants, name);
}
