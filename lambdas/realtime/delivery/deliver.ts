/**
 * The work of a delivery worker. Workers do a lane batch by batch, each in an invocation of its own, which starts the next one
 * while it posts. An invocation may come twice and may be repeated after it died (at least once, and with the same id), so every
 * batch is claimed: a second start finds the claim of the first and ends.
 */

import { partitionOf } from '../connections/grouping.ts';
import { type NarrowingPorts, narrow } from '../connections/narrowing.ts';
import { narrowedTo } from '../connections/sharding.ts';
import { logLines } from '../log-lines.ts';
import { asPlatformRefusal, PlatformRefusal } from '../platform-refusal.ts';
import type { ClaimStore } from './claim-store.ts';
import {
  type BatchProgress,
  LATE_PATIENCE_MS,
  pieceOf,
  STRAGGLER_ATTEMPTS,
  startsAhead,
  stragglerPause,
  untilNext,
  WORKER_BUDGET_MS,
} from './delivery-plan.ts';
import {
  type Broadcast,
  type DeliveryTask,
  type Lane,
  type Recipient,
  rowsOf,
  type Stragglers,
} from './delivery-task.ts';
import { type Share, sharesOf } from './diff.ts';
import { FlowControl } from './flow-control.ts';
import { type Batch, readBatch } from './lane-batch.ts';
import { LATEST_MS, type NewestLateFrame, uselessness } from './late-frames.ts';
import type { Missed } from './missed.ts';
import { abandon, handOver, logRefusal, type ReachPorts, reach } from './reach.ts';

export type DeliverPorts = ReachPorts &
  NarrowingPorts & {
    readonly claims: ClaimStore;
    readonly newestLate: NewestLateFrame;
  };

/**
 * @param invocation the id that an invocation shares with its retries.
 * @throws PlatformRefusal when the platform refuses the worker itself, its claims or its tables: `release` then closes no
 *   connection for it.
 */
export async function deliver(ports: DeliverPorts, task: DeliveryTask, invocation: string): Promise<void> {
  try {
    if (task.kind === 'lane') await deliverBatch(ports, task, invocation);
    else if (task.fault === 'quota') await deliverLate(ports, task);
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
  const batch = await readBatch(ports, lane);
  const { subscriptions, next } = batch;
  if (startAt > now()) await pause(startAt - now());
  const startedAt = now();
  const flow = flowOf(ports, broadcast, pace);
  const [share, ...alone] = sharesOf(Buffer.from(broadcast.frame, 'base64'), subscriptions);
  const posted = reachInTime(ports, broadcast, share.recipients, { flow });
  if (next && claim === 'new') {
    const progress = { size: subscriptions.length, startedAt, flow };
    if (await startNext(ports, { ...lane, from: next }, progress, posted)) await claims.passOn(piece);
  }
  const missed = await posted;
  if (missed.isWall) throw wallOf(ports, broadcast, missed);
  await handOver(ports, broadcast, missed);
  await deliverAlone(ports, broadcast, alone);
  await narrowIfSparse(ports, lane, batch);
}

/** Sends the changes of a diff one by one to the observers that take no diffs. */
async function deliverAlone(
  ports: DeliverPorts,
  diff: Broadcast,
  shares: readonly Share<Recipient>[],
): Promise<void> {
  for (const { frame, recipients } of shares) {
    const broadcast = { ...diff, frame: Buffer.from(frame).toString('base64') };
    await handOver(ports, broadcast, await reachInTime(ports, broadcast, recipients, {}));
  }
}

/**
 * The first lane has the fullest shards. If one batch holds all of it, the channel may have more shards than it needs. The broadcast is
 * done by now, so a failure is only logged: the next one looks again.
 */
async function narrowIfSparse(ports: DeliverPorts, lane: Lane, { looked, next }: Batch): Promise<void> {
  const { from, step, shardCount, broadcast } = lane;
  if (next || from.shard > 0 || from.after !== undefined) return;
  const wanted = narrowedTo(shardCount, looked * step);
  if (wanted === shardCount) return;
  await narrow(ports, partitionOf(rowsOf(broadcast)), wanted).catch((error) => {
    ports.log.warn(logLines.notNarrowed, {
      channel: broadcast.channel,
      reason: error instanceof Error ? error.name : 'unknown',
    });
  });
}

/**
 * A lane stops when the platform refuses all posts. Lambda repeats its batch after one and two minutes. If a repetition succeeds,
 * it starts the rest of the lane. So a refused broadcast costs the same for every size of its channel.
 */
function wallOf(ports: ReachPorts, { channel }: Broadcast, { ours, late, reason }: Missed<Recipient>) {
  const error = new PlatformRefusal(reason, channel, ours.length + late.length);
  logRefusal(ports, logLines.postsRefused, error);
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
  if (next < STRAGGLER_ATTEMPTS) return handOver(ports, broadcast, missed, { attempt: next });
  const { theirs, ours, late, reason } = missed;
  if (late.length > 0) await handOver(ports, broadcast, { ...missed, theirs: [], ours: [] });
  if (ours.length > 0) await abandon(ports, { broadcast, recipients: ours, fault: 'ours' }, reason);
  if (theirs.length > 0) await abandon(ports, { broadcast, recipients: theirs }, reason);
}

/**
 * Posts a frame that waited for the quota, unless it is of no more use.
 *
 * @throws PlatformRefusal when no post is accepted: Lambda repeats the task after one and two minutes, and no execution waits for it.
 */
async function deliverLate(ports: DeliverPorts, task: Stragglers): Promise<void> {
  const { broadcast, recipients, lateSince, pace } = task;
  const { channel } = broadcast;
  const useless = await uselessness(ports.newestLate, task, ports.now());
  if (useless !== undefined) {
    ports.log.warn(logLines.lateFrameDropped, { channel, connections: recipients.length, reason: useless });
    return;
  }
  const patience = ports.now() + LATE_PATIENCE_MS;
  const flow = flowOf(ports, broadcast, pace);
  const missed = await reachInTime(ports, broadcast, recipients, { flow, patience });
  if (missed.isWall) throw new PlatformRefusal(missed.reason, channel, recipients.length);
  await handOver(ports, broadcast, missed, { attempt: 0, lateSince });
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
  if (isStillDue(task, ports.now())) return ports.deliveries.start(task);
  const wall = refusal ?? (await wallIn(ports, task, recipients));
  if (wall !== undefined) return abandon(ports, { broadcast, recipients, fault: 'ours' }, wall);
  if (isLane && next) await ports.deliveries.start({ ...task, from: next, startAt: ports.now() });
  return abandon(ports, { broadcast, recipients }, 'No worker could do it');
}

/** A frame that only the quota keeps back is tried for an hour. */
function isStillDue(task: DeliveryTask, now: number): boolean {
  return task.kind === 'stragglers' && task.fault === 'quota' && now - (task.lateSince ?? 0) < LATEST_MS;
}

/** This many posts show whether the platform accepts any of ours. A client that receives one and is then disconnected recognizes the message by its number. */
const PROBES = 8;

/** The error of the platform if it accepts none of our posts. */
async function wallIn(
  ports: ReachPorts,
  task: DeliveryTask,
  recipients: readonly Recipient[],
): Promise<string | undefined> {
  const works = task.kind === 'stragglers' && task.fault === undefined;
  const { isWall, reason } = await reachInTime(ports, task.broadcast, recipients.slice(0, PROBES), { works });
  return isWall ? reason : undefined;
}

interface InTime {
  readonly flow?: FlowControl;
  /** Milliseconds since 1970. */
  readonly patience?: number;
  /** Whether the platform has accepted posts of this broadcast before. */
  readonly works?: boolean;
}

function reachInTime(
  ports: ReachPorts,
  broadcast: Broadcast,
  recipients: readonly Recipient[],
  { flow = flowOf(ports, broadcast), patience, works = false }: InTime,
): Promise<Missed<Recipient>> {
  const deadline = ports.now() + WORKER_BUDGET_MS;
  const limits = { flow, deadline, ...(patience !== undefined && { patience }) };
  return reach(ports, rowsOf(broadcast), recipients, Buffer.from(broadcast.frame, 'base64'), limits, works);
}

function flowOf({ containerPace, now }: ReachPorts, { postsPerSecond }: Broadcast, pace?: number) {
  return new FlowControl(postsPerSecond, now(), { container: containerPace, pace });
}
