/** The messages between the benchmark and a measuring process. */

import * as v from 'valibot';

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const address = { url: v.string(), ca: v.optional(v.string()) };

export const costOrder = v.object({
  ...address,
  rounds: count,
  connections: count,
});

const perDelivery = v.array(v.number());

/** CPU time per delivery, of each run. Microseconds. */
export const costs = v.object({
  sdkUnbounded: perDelivery,
  sdk: perDelivery,
  ours: perDelivery,
  floor: perDelivery,
});

export const memoryOrder = v.object({ ...address, connections: count });

/** The most that was resident at once. */
export const memory = v.object({ peakMegabytes: v.number() });

export type Costs = v.InferOutput<typeof costs>;
export type Memory = v.InferOutput<typeof memory>;
