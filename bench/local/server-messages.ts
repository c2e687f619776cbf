/** The messages between a benchmark and its server process. */

import * as v from 'valibot';

/** `raw` is `ws` alone, `small` the local runtime with a template of a few functions, `fanfare` the runtime with the app itself. */
const serverKind = v.picklist(['raw', 'small', 'fanfare']);

export const serverOrder = v.object({ kind: serverKind });

export const served = v.object({
  /** Where clients connect. */
  websocket: v.string(),
  /** The management API is below it; the raw server has none. */
  http: v.string(),
  /** That clients offer. */
  protocols: v.array(v.string()),
});

export const consumption = v.object({
  /** Of all its threads, since it started. */
  cpuMicroseconds: v.number(),
  /** Measured after a garbage collection. */
  residentBytes: v.number(),
});

export type ServerKind = v.InferOutput<typeof serverKind>;
export type Served = v.InferOutput<typeof served>;
export type Consumption = v.InferOutput<typeof consumption>;
