/** What the benchmark and its flooding client tell each other. */

import * as v from 'valibot';

export const flooderOrder = v.object({
  url: v.string(),
  /** Commands. */
  perSecond: v.number(),
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

export type FlooderReport = v.InferOutput<typeof flooderReport>;
