/**
 * The work of a delivery worker. A lane is worked off batch by batch, each in an invocation of its own, which starts the
 * next one while it posts. An invocation may come twice and may be repeated after it died (at least once, and with the
 * same id), so every batch is claimed: a second start of it finds the claim of the first and leaves.
 */

import { addressees } from './audience.ts';
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
import type { ClaimStore, Ports, Subscription } from './ports.ts';
import { handOver, letGo, type ReachPorts, reach } from './reach.ts';

export type DeliverPorts = ReachPorts & { readonly claims: ClaimStore };

/** @param invocation the id that an invocation shares with its retries. */
export async function deliver(ports: DeliverPorts, task: DeliveryTask, invocation: string): Promise<void> {
  if (task.kind === 'lane') await deliverBatch(ports, task, invocation);
  else await deliverAgain(ports, task);
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
  const posted = reachInTime(ports, broadcast, subscriptions, flow);
  if (next && claim === 'new') {
    const progress = { size: subscriptions.length, startedAt, flow };
    await startNext(ports, { ...lane, from: next }, progress, posted);
    await claims.passOn(piece);
  }
  const unreached = await posted;
  if (unreached.length > 0) await handOver(ports, broadcast, unreached, 0);
}

/** How often the pace of a batch is looked at while it is posted. Milliseconds. */
const LOOK_MS = 50;

/**
 * Starts the rest of the lane a little before its turn, while this batch is being posted. Over the quota that is later than
 * the budget says: workers that start by the clock, and are all refused, would pile up.
 */
async function startNext(
  { deliveries, now, pause }: ReachPorts,
  rest: Lane,
  progress: BatchProgress,
  posted: Promise<unknown>,
): Promise<void> {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  posted.then(end, end);
  for (let early = earliness(progress, now()); early > 0 && !isOver; early = earliness(progress, now())) {
    await pause(Math.min(early, LOOK_MS));
  }
  const startAt = isOver ? now() : now() + untilNext(progress, now());
  await deliveries.start({ ...rest, startAt, pace: progress.flow.pace });
}

/** Milliseconds until the next batch may be started, so that it is there for its turn. */
function earliness(progress: BatchProgress, now: number): number {
  return untilNext(progress, now) - startsAhead(progress);
}

async function deliverAgain(
  ports: ReachPorts,
  { broadcast, recipients, attempt }: Stragglers,
): Promise<void> {
  await ports.pause(stragglerPause(attempt));
  const unreached = await reachInTime(ports, broadcast, recipients);
  if (unreached.length === 0) return;
  const next = attempt + 1;
  if (next < STRAGGLER_ATTEMPTS) return handOver(ports, broadcast, unreached, next);
  return letGo(ports, broadcast.channel, unreached);
}

/**
 * What is done about a task that no worker could do, however often it was repeated: its recipients are disconnected, so
 * that they resume, and the rest of its lane is started.
 */
export async function release(ports: ReachPorts, task: DeliveryTask): Promise<void> {
  const { broadcast } = task;
  if (task.kind === 'stragglers') return letGo(ports, broadcast.channel, task.recipients);
  const { subscriptions, next } = await readBatch(ports, task);
  if (next) await ports.deliveries.start({ ...task, from: next, startAt: ports.now() });
  return letGo(ports, broadcast.channel, subscriptions);
}

function reachInTime(
  ports: ReachPorts,
  { channel, frame, postsPerSecond }: Broadcast,
  recipients: readonly Recipient[],
  flow = new FlowControl(postsPerSecond, ports.now()),
): Promise<readonly Recipient[]> {
  const limits = { flow, deadline: ports.now() + WORKER_BUDGET_MS };
  return reach(ports, channel, recipients, Buffer.from(frame, 'base64'), limits);
}

interface Batch {
  readonly subscriptions: readonly Subscription[];
  /** Where the lane goes on; it ends here without. */
  readonly next?: Cursor;
}

/** Where few of the subscribers are observers, an invocation still ends after so many of them. */
const LOOKED_AT = 10 * BATCH_SIZE;

/** Pages from the lane's place on, until there are enough or the lane ends: most shards hold less than a batch. */
async function readBatch({ subscriptions }: Pick<Ports, 'subscriptions'>, lane: Lane): Promise<Batch> {
  const { from, end, step, broadcast } = lane;
  const batch: Subscription[] = [];
  let looked = 0;
  let place: Cursor = from;
  while (place.shard < end) {
    if (batch.length >= BATCH_SIZE || looked >= LOOKED_AT) return { subscriptions: batch, next: place };
    const { shard, after } = place;
    const page = await subscriptions.page({ channel: broadcast.channel, shard }, after);
    batch.push(...addressees(page.subscriptions, broadcast.to));
    looked += page.subscriptions.length;
    place = page.next === undefined ? { shard: shard + step } : { shard, after: page.next };
  }
  return { subscriptions: batch };
}
