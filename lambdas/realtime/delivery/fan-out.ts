/**
 * Delivers one frame to every subscriber of a channel: the platform needs one call per connection (OR-8). A small audience is
 * served at once; a wide one by workers, each of which starts the next before it posts (`deliver.ts`).
 */

import { randomUUID } from 'node:crypto';
import { type ChannelRows, partitionOf } from '../connections/grouping.ts';
import { type Audience, type AudiencePorts, addressees } from './audience.ts';
import {
  INLINE_BUDGET_MS,
  INLINE_PATIENCE_MS,
  INLINE_QUOTA_PATIENCE_MS,
  laneOnceMore,
  lanesOf,
} from './delivery-plan.ts';
import type { Broadcast } from './delivery-task.ts';
import { sharesOf } from './diff.ts';
import { FlowControl } from './flow-control.ts';
import { handOver, type ReachPorts, reach } from './reach.ts';

export type FanOutPorts = ReachPorts;

/** What may happen to a frame that the quota keeps back: nothing, unless a log has its messages, or they are only for now. */
export type Keeping = Pick<Broadcast, 'lastSeq' | 'isLive'>;

/**
 * Sends the frame to all subscribers, or starts workers that send it. It forgets gone connections, and hands connections that it
 * cannot reach to a worker. Neither stops the rest.
 *
 * @throws the error that prevents starting workers: no subscriber was served, and the publisher has to try again.
 */
export async function fanOut(
  ports: FanOutPorts,
  audience: Audience,
  frame: Uint8Array,
  keeping: Keeping = {},
): Promise<void> {
  await fanOutTo('everyone', ports, audience, frame, keeping);
}

/** A batch of messages that stands in the log. Its first number names it. */
export interface PublishedBatch extends ChannelRows {
  readonly firstSeq: number;
}

/**
 * Starts a worker that sends a stored batch to all subscribers once more, unless another worker has begun this before. The lane's
 * name is made of the batch. So the first worker claims it, and every other one stops.
 *
 * @throws the error that prevents starting workers: no subscriber was served, and the publisher has to try again.
 */
export async function fanOutOnceMore(
  { shards, deliveries, now }: FanOutPorts & Pick<AudiencePorts, 'shards'>,
  { channel, group, firstSeq }: PublishedBatch,
  frame: Uint8Array,
): Promise<void> {
  const shardCount = await shards.count(partitionOf({ channel, group }));
  const broadcast = {
    id: `again/${channel}/${firstSeq}`,
    channel,
    ...(group !== undefined && { group }),
    frame: Buffer.from(frame).toString('base64'),
    to: 'everyone' as const,
    postsPerSecond: deliveries.postsPerSecond,
  };
  await deliveries.start(laneOnceMore(broadcast, shardCount, now()));
}

/** Sends the frames, one after the other, only to subscribers that may see members. Observers that take no diffs get each change of one alone. */
export async function fanOutToObservers(
  ports: FanOutPorts,
  audience: Audience,
  frames: readonly Uint8Array[],
): Promise<void> {
  for (const frame of frames) await fanOutTo('observers', ports, audience, frame);
}

async function fanOutTo(
  to: Broadcast['to'],
  ports: FanOutPorts,
  audience: Audience,
  frame: Uint8Array,
  keeping: Keeping = {},
): Promise<void> {
  const { channel, group, shardCount, first } = audience;
  const { postsPerSecond } = ports.deliveries;
  const broadcast = (content: Uint8Array): Broadcast => ({
    id: randomUUID(),
    channel,
    ...(group !== undefined && { group }),
    frame: Buffer.from(content).toString('base64'),
    to,
    postsPerSecond,
    ...keeping,
  });

  const page = await first;
  const now = ports.now();
  if (!page || page.next !== undefined) {
    await Promise.all(lanesOf(broadcast(frame), shardCount, now).map((lane) => ports.deliveries.start(lane)));
    return;
  }
  const limits = {
    flow: new FlowControl(postsPerSecond, now, { container: ports.containerPace }),
    deadline: now + INLINE_BUDGET_MS,
    patience: now + INLINE_PATIENCE_MS,
    quotaPatience: now + INLINE_QUOTA_PATIENCE_MS,
  };
  for (const share of sharesOf(frame, addressees(page.subscriptions, to))) {
    const missed = await reach(ports, { channel, group }, share.recipients, share.frame, limits);
    const count = missed.theirs.length + missed.ours.length + missed.late.length;
    if (count > 0) await handOver(ports, broadcast(share.frame), missed);
  }
}
