/** What the benchmark and its flooding client tell each other. */

import * as v from 'valibot';

export const flooderOrder = v.object({
  url: v.string(),
  /** Commands. */
  perSecond: v.number(),
  /** More than one are sent as arrays. */
  perFrame: v.number(),
  /** Whether it begins with what a quiet connection may have at once; otherwise it has used that up before. */
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
