/** The tables of a broadcast: a crowd's subscriptions, the channel's log, and claims, with latencies and units. */

import type {
  Subscription,
  SubscriptionPage,
} from '../../lambdas/realtime/connections/subscription-store.ts';
import type { ClaimStore } from '../../lambdas/realtime/delivery/claim-store.ts';
import { BATCH_SIZE } from '../../lambdas/realtime/delivery/delivery-plan.ts';
import type { LateFrames } from '../../lambdas/realtime/delivery/late-frames.ts';
import type { LogStore } from '../../lambdas/realtime/log/log-store.ts';
import { memoryLog } from '../../test/memory/memory-log.ts';
import { memoryStores } from '../../test/memory/memory-stores.ts';
import { memoryValues } from '../../test/memory/memory-values.ts';
import { readUnits, subscriptionBytes, writeUnits } from './capacity-units.ts';
import { type Crowd, connectionIdOf } from './crowd.ts';
import type { Tally } from './tally.ts';
import type { VirtualClock } from './virtual-clock.ts';

export const CHANNEL = 'room:everyone';

export interface TableOptions {
  readonly clock: VirtualClock;
  readonly tally: Tally;
  readonly crowd: Crowd;
  /** Milliseconds. */
  readonly write: () => number;
  readonly page: () => number;
}

export function tablesOf(options: TableOptions) {
  const { crowd } = options;
  const shards = new Map([[CHANNEL, crowd.shardCount]]);
  const stores = memoryStores(shards);
  const log = memoryLog(shards);
  return {
    connections: stores.connections,
    shards: stores.shards,
    subscriptions: { ...stores.subscriptions, page: pagesOf(options) },
    claims: claimsOf(options, stores.claims),
    lateFrames: lateFramesOf(options, stores.lateFrames),
    newestLate: stores.newestLate,
    channelLog: logOf(options, log),
    values: memoryValues(log),
  };
}

function pagesOf({ clock, tally, crowd, page }: TableOptions) {
  return async ({ shard }: { readonly shard: number }, after?: string): Promise<SubscriptionPage> => {
    await clock.pause(page());
    const from = after === undefined ? 0 : Number(after);
    const members = crowd.membersOf(shard).subarray(from, from + BATCH_SIZE);
    const subscriptions = Array.from(members, (member) => subscriptionOf(member, shard, crowd.shardCount));
    const [row] = subscriptions;
    tally.read(readUnits(row ? members.length * subscriptionBytes(row) : 0));
    // As DynamoDB does it: a query that looked at as many rows as it may does not know whether there are more.
    return members.length < BATCH_SIZE
      ? { subscriptions }
      : { subscriptions, next: String(from + BATCH_SIZE) };
  };
}

function subscriptionOf(member: number, shard: number, shardCount: number): Subscription {
  const user = `user-${String(member).padStart(7, '0')}`;
  return {
    channel: CHANNEL,
    shard,
    shardCount,
    connectionId: connectionIdOf(member),
    user,
    expiresAt: 1_800_000_000,
  };
}

/** Both are writes of less than a KB. */
function claimsOf({ clock, tally, write }: TableOptions, claims: ClaimStore): ClaimStore {
  return {
    async claim(...args) {
      await clock.pause(write());
      tally.wrote(1);
      return claims.claim(...args);
    },
    async passOn(...args) {
      await clock.pause(write());
      tally.wrote(1);
      return claims.passOn(...args);
    },
  };
}

function lateFramesOf({ clock, tally, write }: TableOptions, late: LateFrames): LateFrames {
  return {
    async note(...args) {
      await clock.pause(write());
      tally.wrote(1);
      return late.note(...args);
    },
  };
}

function logOf({ clock, tally, write }: TableOptions, log: LogStore): LogStore {
  return {
    ...log,
    async raise(...args) {
      await clock.pause(write());
      tally.wrote(1);
      return log.raise(...args);
    },
    async point(...args) {
      await clock.pause(write());
      tally.wrote(1);
      return log.point(...args);
    },
    async write(channel, messages, retention) {
      await clock.pause(write());
      tally.wrote(writeUnits(JSON.stringify(messages).length));
      return log.write(channel, messages, retention);
    },
  };
}
