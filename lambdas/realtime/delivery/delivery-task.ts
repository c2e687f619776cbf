/** The task of a delivery worker: the payload of an asynchronous invocation. */

import * as v from 'valibot';
import type { ChannelRows } from '../connections/grouping.ts';

const natural = v.pipe(v.number(), v.integer(), v.minValue(0));

/** A frame on its way to a channel's subscribers. */
const broadcast = v.object({
  /** Unique. */
  id: v.string(),
  channel: v.string(),
  /** Of the channel, if it has one: the rows of its subscribers are there. */
  group: v.optional(v.string()),
  /** Base64 of the bytes: an invocation's payload is JSON, and this way its size is known. */
  frame: v.string(),
  /** Observers may see members. A task without this field is for all subscribers. */
  to: v.optional(v.picklist(['everyone', 'observers']), 'everyone'),
  /** The most that the worker of this task may post. */
  postsPerSecond: v.number(),
  /** The last number in the frame, if a log has its messages. */
  lastSeq: v.optional(natural),
  /** Messages of a channel without a history: after a while they are worth nothing. */
  isLive: v.optional(v.boolean()),
});

/** A place among the subscriptions of a lane. */
const cursor = v.object({
  shard: natural,
  /** The last connection that was read. Absent at the beginning of the shard. */
  after: v.optional(v.string()),
});

const recipient = v.object({
  connectionId: v.string(),
  shard: natural,
  /** From then on nothing is delivered. Seconds since 1970. */
  expiresAt: natural,
  handshakeUntil: v.optional(v.number()),
});

/** The subscribers of every `step`th shard from a cursor on, batch after batch. */
const lane = v.object({
  kind: v.literal('lane'),
  broadcast,
  from: cursor,
  /** From one of its shards to the next. */
  step: v.pipe(natural, v.minValue(1)),
  /** How many shards there are. */
  shardCount: natural,
  /** Not before this, so that a lane keeps to its pace. Milliseconds since 1970. */
  startAt: v.number(),
  /** Posts per second that the platform accepted in the last batch; the budget without. */
  pace: v.optional(v.number()),
});

/** Recipients that earlier workers could not reach. */
const stragglers = v.object({
  kind: v.literal('stragglers'),
  broadcast,
  recipients: v.array(recipient),
  /** How many workers tried before this one. */
  attempt: natural,
  /**
   * `ours`: the platform refused our posts, or accepted none. `quota`: there was no quota or no time. In both cases these clients are
   * never disconnected. Clients of a task without this field are disconnected after the last attempt.
   */
  fault: v.optional(v.picklist(['ours', 'quota'])),
  /** Since when the frame waits for the quota. Milliseconds since 1970. */
  lateSince: v.optional(natural),
  /** Posts per second that the platform accepted from the container before. */
  pace: v.optional(v.number()),
});

export const deliveryTask = v.variant('kind', [lane, stragglers]);

export type DeliveryTask = v.InferOutput<typeof deliveryTask>;
export type Broadcast = v.InferOutput<typeof broadcast>;

/** Where the subscribers of a broadcast are. */
export function rowsOf({ channel, group }: Pick<Broadcast, 'channel' | 'group'>): ChannelRows {
  return { channel, group };
}
export type Cursor = v.InferOutput<typeof cursor>;
export type Lane = v.InferOutput<typeof lane>;
export type Stragglers = v.InferOutput<typeof stragglers>;
export type Recipient = v.InferOutput<typeof recipient>;

/** Starts deliveries in other functions. */
export interface Deliveries {
  /** How much of the account's quota for posts one broadcast may use. */
  readonly postsPerSecond: number;
  /** Has another function do the task, at least once. */
  start(task: DeliveryTask): Promise<void>;
}
