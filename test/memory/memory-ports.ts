/** All ports of the domain in memory. They record the posts and the log lines for the test. */

import type { Outbound, PostOutcome } from '../../lambdas/realtime/connections/outbound.ts';
import type { Subscription } from '../../lambdas/realtime/connections/subscription-store.ts';
import { ContainerPace } from '../../lambdas/realtime/delivery/container-pace.ts';
import type { DeliveryTask } from '../../lambdas/realtime/delivery/delivery-task.ts';
import type { Lifecycle, LifecycleEvent } from '../../lambdas/realtime/lifecycle/lifecycle.ts';
import type { Head } from '../../lambdas/realtime/log/log-store.ts';
import type { PublishPorts } from '../../lambdas/realtime/log/publish.ts';
import type { TurnStore } from '../../lambdas/realtime/log/turn-store.ts';
import type { DueUser, Farewells } from '../../lambdas/realtime/presence/presence-store.ts';
import type { Log } from '../../lambdas/realtime/structured-log.ts';
import { type MemoryLog, memoryLog } from './memory-log.ts';
import { type MemoryStores, memoryStores } from './memory-stores.ts';
import { memoryTurns } from './memory-turns.ts';
import { type MemoryValues, memoryValues } from './memory-values.ts';

interface Post {
  readonly connectionId: string;
  readonly frame: unknown;
}

export interface MemoryPorts
  extends PublishPorts,
    Pick<
      MemoryStores,
      | 'charges'
      | 'claims'
      | 'newestLate'
      | 'revocations'
      | 'readPositions'
      | 'directory'
      | 'expiry'
      | 'occupancy'
      | 'presence'
      | 'dueList'
      | 'windows'
      | 'shifts'
      | 'httpSessions'
      | 'mailboxes'
      | 'openings'
      | 'places'
      | 'leases'
      | 'runs'
    > {
  readonly channelLog: MemoryLog;
  readonly turns: TurnStore;
  readonly values: MemoryValues;
  /** Deliveries that were started, for the test to carry out. */
  readonly started: DeliveryTask[];
  readonly farewells: Farewells;
  readonly lifecycle: Lifecycle;
  /** The users whom a function has had checked. */
  readonly lingering: DueUser[];
  /** The workers of the due list that were started. */
  readonly workers: string[];
  /** Events that were put. */
  readonly told: LifecycleEvent[];
  readonly posts: Post[];
  readonly disconnected: string[];
  readonly logged: string[];
  /** The outcomes of posts to connections that are not simply open. */
  readonly peers: Map<string, PostOutcome>;
}

export const NOW = Date.UTC(2026, 10, 22, 12);

export function memoryPorts(): MemoryPorts {
  const posts: Post[] = [];
  const disconnected: string[] = [];
  const logged: string[] = [];
  const started: DeliveryTask[] = [];
  const lingering: DueUser[] = [];
  const workers: string[] = [];
  const told: LifecycleEvent[] = [];
  const peers = new Map<string, PostOutcome>();
  const shards = new Map<string, number>();
  const heads = new Map<string, Omit<Head, 'shardCount'>>();
  const channelLog = memoryLog(shards, heads);
  const outbound: Outbound = {
    async post(connectionId, frame) {
      const outcome = peers.get(connectionId) ?? 'sent';
      if (outcome === 'sent')
        posts.push({ connectionId, frame: JSON.parse(new TextDecoder().decode(frame)) });
      return outcome;
    },
    async disconnect(connectionId) {
      disconnected.push(connectionId);
      return 'closed';
    },
  };
  const log: Log = {
    warn: (message, fields) => logged.push(JSON.stringify({ message, ...fields })),
    error: (message, { error, ...fields }) =>
      logged.push(JSON.stringify({ message, error: error.message, ...fields })),
  };
  const observed = { posts, disconnected, logged, peers, started, lingering, workers, told };
  return {
    ...memoryStores(shards, heads),
    channelLog,
    turns: memoryTurns(shards, heads),
    values: memoryValues(channelLog),
    deliveries: {
      postsPerSecond: 5_000,
      async start(task) {
        started.push(task);
      },
    },
    farewells: {
      async start(leaving) {
        lingering.push(...leaving);
      },
      async startShift(worker) {
        workers.push(worker);
      },
    },
    lifecycle: {
      async put(events) {
        told.push(...events);
      },
    },
    outbound,
    containerPace: new ContainerPace(),
    log,
    now: () => NOW,
    pause: async () => {},
    ...observed,
  };
}

/** Everything that an async iterable yields. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

/** A subscription in the only shard of a channel. */
export function subscriptionFixture(
  row: Pick<Subscription, 'channel' | 'connectionId'> & Partial<Subscription>,
): Subscription {
  return { shard: 0, shardCount: 1, expiresAt: NOW, ...row };
}
