/** Reaches recipients: posts to them, forgets connections that are gone, and reports every connection that it missed. */

import type { Clock } from '../clock.ts';
import { closeEach, FEW_IN_FLIGHT } from '../connections/close-each.ts';
import { expel, isConnecting } from '../connections/expel.ts';
import { type ChannelRows, partitionOf } from '../connections/grouping.ts';
import { forget, type MembershipPorts } from '../connections/membership.ts';
import type { Outbound } from '../connections/outbound.ts';
import { visitInFlight } from '../in-flight.ts';
import { type LogLine, logLines } from '../log-lines.ts';
import { PlatformRefusal, refusalIn } from '../platform-refusal.ts';
import type { Logging } from '../structured-log.ts';
import type { ContainerPace } from './container-pace.ts';
import { stragglersOf } from './delivery-plan.ts';
import type { Broadcast, Deliveries, Recipient, Stragglers } from './delivery-task.ts';
import type { LateFrames } from './late-frames.ts';
import { type Missed, missedOf } from './missed.ts';
import { type PostLimits, postAll } from './post-all.ts';

export interface ReachPorts extends MembershipPorts, Logging, Clock {
  readonly deliveries: Deliveries;
  readonly outbound: Outbound;
  readonly lateFrames: LateFrames;
  /** What this container knows about the pace that the platform accepts. */
  readonly containerPace: ContainerPace;
}

/**
 * Posts the frame to all recipients, whose rows are those of the channel, and returns those that it could not reach.
 *
 * @param works whether the platform has accepted posts of this broadcast before.
 */
export async function reach(
  ports: ReachPorts,
  rows: ChannelRows,
  recipients: readonly Recipient[],
  frame: Uint8Array,
  limits: PostLimits,
  works = false,
): Promise<Missed<Recipient>> {
  const { channel } = rows;
  const partition = partitionOf(rows);
  const posted = await postAll(ports, recipients, frame, limits);
  const dead = posted.gone.filter((recipient) => !isConnecting(recipient, ports.now()));
  await forgetAll(ports, partition, dead);
  await expel(ports, partition, posted.expired);
  const missed = missedOf(posted, works, ports.outbound.whyFailed?.());
  if (missed.theirs.length > 0) {
    ports.log.warn(logLines.unreached, { channel, unreached: missed.theirs.length });
  }
  return missed;
}

/** Logs the one error of a batch, with the error of the platform and the number of posts. */
export function logRefusal({ log }: Pick<ReachPorts, 'log'>, what: LogLine, error: PlatformRefusal): void {
  const { channel, connections } = error;
  log.error(what, { error, channel, ...(connections !== undefined && { connections }) });
}

/** The first batch logs an error. Workers that find the same a few seconds later log only a warning. */
function logOurs(
  ports: Pick<ReachPorts, 'log'>,
  channel: string,
  missed: Missed<Recipient>,
  attempt: number,
): void {
  const { ours, reason } = missed;
  if (ours.length === 0) return;
  if (attempt === 0)
    logRefusal(ports, logLines.postsRefused, new PlatformRefusal(reason, channel, ours.length));
  else ports.log.warn(logLines.postsStillRefused, { channel, connections: ours.length, reason });
}

/** The broadcast does not fail, because the next one finds the same 410 or the same expired row. */
async function forgetAll(
  ports: ReachPorts,
  channel: string,
  recipients: readonly Recipient[],
): Promise<void> {
  await visitInFlight(recipients, FEW_IN_FLIGHT, async ({ connectionId, shard }) => {
    await forget(ports, connectionId, { channel, shard }).catch((error) => {
      const reason = error instanceof Error ? error.name : 'unknown';
      ports.log.warn(logLines.deadNotForgotten, { channel, connectionId, reason });
    });
  });
}

/** The attempts before, and since when the frame waits for the quota. */
interface Before {
  readonly attempt: number;
  readonly lateSince?: number | undefined;
}

/**
 * Has workers try the missed recipients of a batch again: a few seconds from now, or at once if only the quota was missing. If no
 * worker can be started, clients that are slow themselves are let go. If Lambda refuses us, no client is.
 */
export async function handOver(
  ports: ReachPorts,
  broadcast: Broadcast,
  missed: Missed<Recipient>,
  { attempt, lateSince = ports.now() }: Before = { attempt: 0 },
): Promise<void> {
  const { theirs, ours, late } = missed;
  logOurs(ports, broadcast.channel, missed, attempt);
  const { pace } = ports.containerPace;
  const isAllStarted = await startEach(ports, broadcast.channel, [
    ...stragglersOf(broadcast, theirs, attempt),
    ...stragglersOf(broadcast, ours, attempt, { fault: 'ours' }),
    ...stragglersOf(broadcast, late, attempt, { fault: 'quota', lateSince, pace }),
  ]);
  if (isAllStarted && late.length > 0) await noteLate(ports, broadcast);
}

/** @returns whether each task has a worker. */
async function startEach(ports: ReachPorts, channel: string, tasks: readonly Stragglers[]): Promise<boolean> {
  let isAllStarted = true;
  for (const [index, task] of tasks.entries()) {
    const error = await failureOf(ports.deliveries.start(task));
    if (error === undefined) continue;
    isAllStarted = false;
    const refusal = refusalIn(error);
    if (refusal === undefined) {
      await abandon(ports, task, nameOf(error));
      continue;
    }
    const left = tasks.slice(index).reduce((count, { recipients }) => count + recipients.length, 0);
    const refused = new PlatformRefusal(refusal, channel, left);
    logRefusal(ports, logLines.workersRefused, refused);
    return false;
  }
  return isAllStarted;
}

/** Without the note, older frames are posted although a newer one follows: that costs quota, and loses nothing. */
async function noteLate({ lateFrames, log }: ReachPorts, { channel, lastSeq }: Broadcast): Promise<void> {
  if (lastSeq === undefined) return;
  const error = await failureOf(lateFrames.note(channel, lastSeq));
  if (error !== undefined) log.warn(logLines.lateFrameNotNoted, { channel, reason: nameOf(error) });
}

interface Abandoned extends Pick<Stragglers, 'broadcast' | 'fault'> {
  readonly recipients: readonly Recipient[];
}

/** Handles recipients that no worker tries any more. */
export async function abandon(
  ports: Pick<ReachPorts, 'outbound' | 'log'>,
  { broadcast: { channel }, recipients, fault }: Abandoned,
  reason: string,
): Promise<void> {
  if (fault === undefined) return letGo(ports, channel, recipients);
  const error = new PlatformRefusal(reason, channel, recipients.length);
  logRefusal(ports, logLines.broadcastGivenUp, error);
}

/**
 * Disconnects clients that it cannot reach, so that they come back and resume from their position.
 *
 * @throws Error when some could not be disconnected; to try all of them again is harmless.
 */
async function letGo(
  ports: Pick<ReachPorts, 'outbound' | 'log'>,
  channel: string,
  recipients: readonly Recipient[],
): Promise<void> {
  const failed = await closeEach(ports, channel, recipients);
  if (failed > 0) throw new Error(`${failed} connections could not be closed`);
}

/** The error of a rejected promise; `undefined` if it is fulfilled. */
function failureOf(attempt: Promise<void>): Promise<unknown> {
  return attempt.then(
    () => undefined,
    (error: unknown) => error ?? new Error('unknown'),
  );
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
