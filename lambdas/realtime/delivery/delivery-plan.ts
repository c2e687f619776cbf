/** How a broadcast is divided into work: a pure policy, with its thresholds and their reasons. */

import type { Broadcast, Lane, Recipient, Stragglers } from './delivery-task.ts';
import type { FlowControl } from './flow-control.ts';

/**
 * The connections that one invocation reads and posts to. This is the work of a fraction of a second: enough for an invocation,
 * and little to repeat. It is more than a full shard (`sharding.ts`). It is one page of the subscriptions: a channel whose only
 * shard has no second page is served by its publisher, without waiting for another function to start.
 */
export const BATCH_SIZE = 1_500;

/**
 * The most posts of one worker per second: about a third of the measured rate of a core over TLS (`docs/benchmarks/fan-out.md`),
 * because the platform takes longer to answer than loopback. With half of it the simulator needs twice the GB-seconds and gains 3
 * %; with twice as much a batch is over before the next worker has started.
 */
export const WORKER_POSTS_PER_SECOND = 5_000;

/** How long the publisher itself posts at most, while its client waits for the reply. Milliseconds. */
export const INLINE_BUDGET_MS = 3_000;

/** From then on a publisher repeats no post: it hands over what it would have to repeat. While posts are accepted, it goes on. Milliseconds. */
export const INLINE_PATIENCE_MS = 200;

/**
 * From then on a publisher over the quota hands over all the rest, because a publisher that waits holds one of the account's executions. Of
 * a hundred answers, 99 come within half of it. At one and a half times the quota the simulator wants 123 executions with it, and
 * 1,808 with 3 s (decision 68). Milliseconds.
 */
export const INLINE_QUOTA_PATIENCE_MS = 100;

/** A worker over the quota hands over the rest after this, so that it holds no execution while others use the quota. Milliseconds. */
export const LATE_PATIENCE_MS = 1_000;

/** How long a worker tries. With its longest wait for its turn, it stays well below its function's timeout. Milliseconds. */
export const WORKER_BUDGET_MS = 20_000;

/** Workers that try to reach a straggler before it is disconnected. */
export const STRAGGLER_ATTEMPTS = 3;

/** Before its first retry; doubled each time. Milliseconds. */
const STRAGGLER_PAUSE_MS = 2_000;

/** With a frame of 128 KB in base64, a payload with this many recipients stays under the 256 KB that every region accepts. */
const STRAGGLERS_PER_TASK = 500;

/**
 * The lanes of a broadcast: as many workers as its budget can feed. The shards are dealt out in turn, because the first ones
 * are the fullest while a crowd arrives.
 */
export function lanesOf(
  { postsPerSecond, ...broadcast }: Broadcast,
  shardCount: number,
  now: number,
): readonly Lane[] {
  const count = Math.max(1, Math.min(shardCount, Math.ceil(postsPerSecond / WORKER_POSTS_PER_SECOND)));
  const share = { ...broadcast, postsPerSecond: postsPerSecond / count };
  return Array.from({ length: count }, (_, lane) => ({
    kind: 'lane' as const,
    broadcast: share,
    from: { shard: lane },
    step: count,
    shardCount,
    startAt: now,
  }));
}

/**
 * The only lane of a broadcast that may be started several times, while shards are added and the budget changes. All of its starts
 * have the same first piece of work, so one claim decides for the whole lane.
 */
export function laneOnceMore(broadcast: Broadcast, shardCount: number, now: number): Lane {
  const postsPerSecond = Math.min(broadcast.postsPerSecond, WORKER_POSTS_PER_SECOND);
  const from = { shard: 0 };
  return {
    kind: 'lane',
    broadcast: { ...broadcast, postsPerSecond },
    from,
    step: 1,
    shardCount,
    startAt: now,
  };
}

/** The time to start a worker and to read its batch. Milliseconds. */
const START_MS = 200;

/** The next batch starts at the earliest when this part of a batch is left to post. If the platform refuses posts, that shows before. */
const MOST_AHEAD = 0.75;

/** How far a batch has come. */
export interface BatchProgress {
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly flow: Pick<FlowControl, 'pace' | 'isHeldBack' | 'isRefused' | 'acceptedCount'>;
}

/**
 * Milliseconds until the turn of the next batch. It comes when the pace has room, also if posts are answered slowly. Only over
 * the quota it has to wait for the refused posts, because another worker would be refused as well.
 */
export function untilNext({ size, startedAt, flow }: BatchProgress, now: number): number {
  if (flow.isHeldBack) return ((size - flow.acceptedCount) * 1000) / flow.pace;
  return Math.max(0, startedAt + (size * 1000) / flow.pace - now);
}

/** How long before its turn the next batch is started. Milliseconds. */
export function startsAhead({ size, flow }: BatchProgress): number {
  return Math.min(START_MS, (MOST_AHEAD * size * 1000) / flow.pace);
}

type Marks = Pick<Stragglers, 'fault' | 'lateSince' | 'pace'>;

export function stragglersOf(
  broadcast: Broadcast,
  recipients: readonly Recipient[],
  attempt: number,
  marks: Marks = {},
): readonly Stragglers[] {
  const tasks = Math.ceil(recipients.length / STRAGGLERS_PER_TASK);
  return Array.from({ length: tasks }, (_, index) => ({
    kind: 'stragglers' as const,
    broadcast,
    recipients: recipients
      .slice(index * STRAGGLERS_PER_TASK, (index + 1) * STRAGGLERS_PER_TASK)
      .map(({ connectionId, shard, expiresAt, handshakeUntil }) => ({
        connectionId,
        shard,
        expiresAt,
        handshakeUntil,
      })),
    attempt,
    ...marks,
  }));
}

/** How long a worker waits before it tries stragglers again. Milliseconds. */
export function stragglerPause(attempt: number): number {
  return STRAGGLER_PAUSE_MS * 2 ** attempt;
}

/** The name of a lane's batch among all work of all broadcasts. */
export function pieceOf({ broadcast, from }: Lane): string {
  return `${broadcast.id}/${from.shard}/${from.after ?? ''}`;
}
