/**
 * The work of a delivery worker. Workers do a lane batch by batch, each in an invocation of its own, which starts the next one
 * while it posts. An invocation may come twice and may be repeated after it died (at least once, and with the same id), so every
 * batch is claimed: a second start finds the claim of the first and ends.
 */

import type { Subscription } from '../connections/subscription-store.ts';
import { asPlatformRefusal, PlatformRefusal } from '../platform-refusal.ts';
import { addressees } from './audience.ts';
import type { ClaimStore } from './claim-store.ts';
import {
  BATCH_SIZE,
  type BatchProgress,
  pieceOf,
  STRAGGLER_ATTEMPTS,
  startsAhead,
  stragglerPause,
  untilNext,
  WORKER_BUDGET_MS,
} from './delivery-plan.ts';
import type { Broadcast, Cursor, DeliveryTask, Lane, Recipient, Stragglers } from './delivery-task.ts';
import { FlowControl } from './flow-control.ts';
import type { Missed } from './missed.ts';
import { abandon, handOver, logRefusal, REFUSED, type ReachPorts, reach } from './reach.ts';

export type DeliverPorts = ReachPorts & { readonly claims: ClaimStore };

/**
 * @param invocation the id that an invocation shares with its retries.
 * @throws PlatformRefusal when the platform refuses the worker itself, its claims or its tables: `release` then closes no
 *   connection for it.
 */
export async function deliver(ports: DeliverPorts, task: DeliveryTask, invocation: string): Promise<void> {
  try {
    if (task.kind === 'lane') await deliverBatch(ports, task, invocation);
    else await deliverAgain(ports, task);
  } catch (error) {
    throw asPlatformRefusal(error, task.broadcast.channel);
  }
}

async function deliverBatch(ports: DeliverPorts, lane: Lane, invocation: string): Promise<void> {
  const { claims, now, pause } = ports;
  const { broadcast, startAt, pace } = lane;
  const piece = pieceOf(lane);
  const claim = await claims.claim(piece, invocation);
  if (claim === "another's") return;
  const { subscriptions, next } = await readBatch(ports, lane);
  if (startAt > now()) await pause(startAt - now());
  const startedAt = now();
  const flow = new FlowControl(broadcast.postsPerSecond, startedAt, pace);
  const posted = reachInTime(ports, broadcast, subscriptions, { flow });
  if (next && claim === 'new') {
    const progress = { size: subscriptions.length, startedAt, flow };
    if (await startNext(ports, { ...lane, from: next }, progress, posted)) await claims.passOn(piece);
  }
  const missed = await posted;
  if (missed.isWall) throw wallOf(ports, broadcast, missed);
  await handOver(ports, broadcast, missed, 0);
}

/**
 * A lane stops when the platform refuses all posts. Lambda repeats its batch after one and two minutes. If a repetition succeeds,
 * it starts the rest of the lane. So a refused broadcast costs the same for every size of its channel.
 */
function wallOf(ports: ReachPorts, { channel }: Broadcast, { ours, reason }: Missed<Recipient>) {
  const error = new PlatformRefusal(reason, channel, ours.length);
  logRefusal(ports, REFUSED, error);
  return error;
}

/** How often the pace of a batch is looked at while it is posted. Milliseconds. */
const LOOK_MS = 50;

/**
 * Starts the rest of the lane a little before its turn, while this batch is being posted. Over the quota that is later than
 * the budget says: workers that start by the clock, and are all refused, would pile up. If no post is accepted, it is
 * not started.
 */
async function startNext(
  { deliveries, now, pause }: ReachPorts,
  rest: Lane,
  progress: BatchProgress,
  posted: Promise<Missed<Recipient>>,
): Promise<boolean> {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  posted.then(end, end);
  for (let early = earliness(progress, now()); early > 0 && !isOver; early = earliness(progress, now())) {
    await pause(Math.min(early, LOOK_MS));
  }
  if (isOver && (await posted).isWall) return false;
  const startAt = isOver ? now() : now() + untilNext(progress, now());
  await deliveries.start({ ...rest, startAt, pace: progress.flow.pace });
  return true;
}

/** Milliseconds until the next batch may be started, so that its worker is ready at its turn. It is longer while all posts are refused. */
function earliness(progress: BatchProgress, now: number): number {
  if (progress.flow.isRefused) return LOOK_MS;
  return untilNext(progress, now) - startsAhead(progress);
}

async function deliverAgain(ports: ReachPorts, task: Stragglers): Promise<void> {
  const { broadcast, recipients, attempt, fault } = task;
  await ports.pause(stragglerPause(attempt));
  const missed = await reachInTime(ports, broadcast, recipients, { works: fault !== 'ours' });
  const next = attempt + 1;
  if (next < STRAGGLER_ATTEMPTS) return handOver(ports, broadcast, missed, next);
  const { theirs, ours, reason } = missed;
  if (ours.length > 0) await abandon(ports, { broadcast, recipients: ours, fault: 'ours' }, reason);
  if (theirs.length > 0) await abandon(ports, { broadcast, recipients: theirs }, reason);
}

/**
 * Handles a task that failed in every repetition: its recipients are disconnected, so that they resume, and the rest of its lane is
 * started. If the platform refuses our posts, neither would help, so it only logs an error.
 *
 * @param refusal what the worker was refused, if that is why it failed.
 */
export async function release(ports: ReachPorts, task: DeliveryTask, refusal?: string): Promise<void> {
  const { broadcast } = task;
  const isLane = task.kind === 'lane';
  const { subscriptions: recipients, next } = isLane
    ? await readBatch(ports, task)
    : { subscriptions: task.recipients, next: undefined };
  const wall = refusal ?? (await wallIn(ports, task, recipients));
  if (wall !== undefined) return abandon(ports, { broadcast, recipients, fault: 'ours' }, wall);
  if (isLane && next) await ports.deliveries.start({ ...task, from: next, startAt: ports.now() });
  return abandon(ports, { broadcast, recipients }, 'No worker could do it');
}

/** This many posts show whether the platform accepts any of ours. A client that receives one and is then disconnected recognizes the message by its number. */
const PROBES = 8;

/** The error of the platform if it accepts none of our posts. */
async function wallIn(
  ports: ReachPorts,
  task: DeliveryTask,
  recipients: readonly Recipient[],
): Promise<string | undefined> {
  const works = task.kind === 'stragglers' && task.fault !== 'ours';
  const { isWall, reason } = await reachInTime(ports, task.broadcast, recipients.slice(0, PROBES), { works });
  return isWall ? reason : undefined;
}

function reachInTime(
  ports: ReachPorts,
  { channel, frame, postsPerSecond }: Broadcast,
  recipients: readonly Recipient[],
  { flow = new FlowControl(postsPerSecond, ports.now()), works = false },
): Promise<Missed<Recipient>> {
  const limits = { flow, deadline: ports.now() + WORKER_BUDGET_MS };
  return reach(ports, channel, recipients, Buffer.from(frame, 'base64'), limits, works);
}

interface Batch {
  readonly subscriptions: readonly Subscription[];
  /** Where the lane goes on; it ends here without. */
  readonly next?: Cursor;
}

/** An invocation reads at most this many rows, also when few of the subscribers are observers. */
const LOOKED_AT = 10 * BATCH_SIZE;

/** Reads pages from the lane's cursor on, until the batch is full or the lane ends. Most shards hold less than a batch. */
async function readBatch({ subscriptions }: Pick<ReachPorts, 'subscriptions'>, lane: Lane): Promise<Batch> {
  const { from, shardCount, step, broadcast } = lane;
  const batch: Subscription[] = [];
  let looked = 0;
  let place: Cursor = from;
  while (place.shard < shardCount) {
    if (batch.length >= BATCH_SIZE || looked >= LOOKED_AT) return { subscriptions: batch, next: place };
    const { shard, after } = place;
    const page = await subscriptions.page({ channel: broadcast.channel, shard }, after);
    batch.push(...addressees(page.subscriptions, broadcast.to));
    looked += page.subscriptions.length;
    place = page.next === undefined ? { shard: shard + step } : { shard, after: page.next };
  }
  return { subscriptions: batch };
}
