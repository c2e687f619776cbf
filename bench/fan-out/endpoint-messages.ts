/** The messages between the benchmark and the process of an endpoint. */

import * as v from 'valibot';

const share = v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 0);

/** How an endpoint behaves; it answers 200 to everything unless told otherwise. */
export const behaviour = v.object({
  tls: v.optional(v.boolean(), false),
  /** Above this it answers 429. */
  allowedPerSecond: v.optional(v.number()),
  /** The share of connections for which it answers 410. */
  gone: share,
  /** Of all requests, by a random generator with a known start. */
  error500: share,
  reset: share,
  silent: share,
});

/** The first message of an endpoint. */
export const listening = v.object({
  url: v.string(),
  /** The certificate to trust. */
  ca: v.optional(v.string()),
});

/** The answer to any message. */
export const report = v.object({
  /** How many requests got which answer. */
  answers: v.record(v.string(), v.number()),
  /** Answers of 200 per connection id. */
  deliveries: v.array(v.tuple([v.string(), v.number()])),
});

export type Behaviour = v.InferInput<typeof behaviour>;
export type Listening = v.InferOutput<typeof listening>;
export type Report = v.InferOutput<typeof report>;
