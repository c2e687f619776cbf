/** The messages between the benchmark and its flooding client. */

import * as v from 'valibot';

export const flooderOrder = v.object({
  url: v.string(),
  /** Commands. */
  perSecond: v.number(),
  /** If it is more than 1, the client sends arrays of this length. */
  perFrame: v.number(),
  /** Whether the client begins with the full burst of a quiet connection. Otherwise it has used up the burst before. */
  hasBurst: v.boolean(),
  seconds: v.number(),
});

export const flooderReport = v.object({
  sent: v.number(),
  accepted: v.number(),
  limited: v.number(),
  /** Of the limited ones. */
  withRetryAfter: v.number(),
  other: v.number(),
});

/** The flood begins. */
export const flooderReady = v.object({ isReady: v.literal(true) });

export type FlooderOrder = v.InferOutput<typeof flooderOrder>;
export type FlooderReport = v.InferOutput<typeof flooderReport>;

export const NOTHING: FlooderReport = { sent: 0, accepted: 0, limited: 0, withRetryAfter: 0, other: 0 };
