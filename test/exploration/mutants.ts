/** Mistakes, planted between the domain and its ports, that the exploration must find. */

import { messagesEvent } from 'fanfare-protocol/events';
import * as v from 'valibot';
import type {
  Subscription,
  SubscriptionPage,
} from '../../lambdas/realtime/connections/subscription-store.ts';
import type { PublishPorts } from '../../lambdas/realtime/log/publish.ts';
import { EVENTS, type SenderKey } from '../../lambdas/realtime/log/sender.ts';

/** Deletes a record, past all rules: for a mistake that needs a database without conditions. */
export type Remove = (channel: string, seq: number) => unknown;

/** The ports of a process with a mistake in them. */
export type Mutant = (ports: PublishPorts, remove: Remove) => PublishPorts;

const nothingSealed: Mutant = (ports) => ({
  ...ports,
  channelLog: { ...ports.channelLog, seal: async (_channel, sealed) => [sealed] },
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
        return true;
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
  channelLog: { ...ports.channelLog, point: async () => undefined },
});

/** A client that guesses another's key takes it from them. */
const keysWithoutSender: Mutant = (ports) => ({
  ...ports,
  channelLog: {
    ...ports.channelLog,
    point: (channel, pointing) =>
      ports.channelLog.point(channel, { ...pointing, key: { ...pointing.key, sender: EVENTS } }),
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

/** Needs a channel with enough subscribers for a mark. */
export const markedBeforeItWasSent: Mutant = (ports) => {
  let pointed: SenderKey | undefined;
  return {
    ...ports,
    channelLog: {
      ...ports.channelLog,
      async write(channel, messages, retention) {
        const isWritten = await ports.channelLog.write(channel, messages, retention);
        if (isWritten && pointed) await ports.channelLog.markSent(channel, pointed);
        return isWritten;
      },
      async point(channel, pointing) {
        pointed ??= pointing.key;
        return ports.channelLog.point(channel, pointing);
      },
    },
  };
};

/** Leaves void numbers although another publish has raised the head, whose frame then does not tell them. */
export const leftTooLate: Mutant = (ports) => ({
  ...ports,
  channelLog: {
    ...ports.channelLog,
    async leave(...args) {
      await ports.channelLog.leave(...args);
      return true;
    },
  },
});

/** Takes all numbers from those that were left up to its own for void. */
export const leftForEver: Mutant = (ports) => ({
  ...ports,
  channelLog: {
    ...ports.channelLog,
    async raise(channel, count, now) {
      const head = await ports.channelLog.raise(channel, count, now);
      return { ...head, ...(head.left && { left: { ...head.left, to: head.seq - count } }) };
    },
  },
});

/** Its own numbers are void, and it does not say so. */
export const voidsKeptSecret: Mutant = (ports) => ({
  ...ports,
  outbound: {
    ...ports.outbound,
    post: (id, frame) => ports.outbound.post(id, withoutVoids(frame)),
  },
});

function withoutVoids(frame: Uint8Array): Uint8Array {
  const event = v.parse(messagesEvent, JSON.parse(new TextDecoder().decode(frame)));
  const messages = event.messages.filter((record) => !('void' in record));
  return new TextEncoder().encode(JSON.stringify({ ...event, messages }));
}

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

/** A subscriber does not read where newcomers are placed after it has written its row. */
const staysInAnUpperShard: Mutant = (ports) => ({
  ...ports,
  shards: { ...ports.shards, placedOver: async () => 2 },
});

/** A worker believes the upper shards to be empty. */
const takesUpperShardsForEmpty: Mutant = (ports) => ({
  ...ports,
  subscriptions: {
    ...ports.subscriptions,
    page: async (placement, after, most) =>
      most === 1 ? { subscriptions: [] } : ports.subscriptions.page(placement, after, most),
  },
});

/** A worker looks into the upper shards before it marks the channel. */
export const marksAfterItLooked: Mutant = (ports) => {
  let seen: ReturnType<typeof ports.subscriptions.page> | undefined;
  return {
    ...ports,
    shards: {
      ...ports.shards,
      narrow: async (channel, ...args) => {
        seen ??= ports.subscriptions.page({ channel, shard: 1 }, undefined, 1);
        await seen;
        return ports.shards.narrow(channel, ...args);
      },
    },
    subscriptions: {
      ...ports.subscriptions,
      page: async (placement, after, most) =>
        (most === 1 ? seen : undefined) ?? ports.subscriptions.page(placement, after, most),
    },
  };
};

/** A worker ends any narrowing, also one that was marked after it had looked. */
export const endsAnyNarrowing: Mutant = (ports) => ({
  ...ports,
  shards: {
    ...ports.shards,
    settle: async (channel) => ports.shards.settle(channel, await ports.shards.spread(channel)),
  },
});

/** Each needs a channel that becomes narrower. */
export const narrowingMutants = {
  staysInAnUpperShard,
  takesUpperShardsForEmpty,
} satisfies Readonly<Record<string, Mutant>>;

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
