/** The messages between the benchmark and the process of a reconnect storm. */

import * as v from 'valibot';

export const stormOrder = v.object({
  name: v.string(),
  clients: v.number(),
  /** How long the server is gone. With 0 it accepts again as soon as all connections have ended. */
  outageMs: v.number(),
});

/** Milliseconds since the server failed. */
export const stormResult = v.object({
  attempts: v.array(v.number()),
  /** Of each client that came back: when it was subscribed for the last time. */
  subscribed: v.array(v.number()),
});

export type Storm = v.InferOutput<typeof stormResult>;
