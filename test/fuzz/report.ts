/** The messages between a fuzz test and the process that floods a function. */

import * as v from 'valibot';

const targetNames = ['default', 'authorize', 'connect'] as const;
export type TargetName = (typeof targetNames)[number];

export const order = v.object({ target: v.picklist(targetNames), seed: v.number(), count: v.number() });

const memory = v.object({ heap: v.number(), resident: v.number() });

export const report = v.object({
  events: v.number(),
  seconds: v.number(),
  /** How often each kind of answer came. */
  outcomes: v.record(v.string(), v.number()),
  /** The first faults, each with its event. */
  faults: v.array(v.string()),
  unhandled: v.array(v.string()),
  /** Whether an object has something now that it had not before. */
  polluted: v.boolean(),
  /** The requests of the function to AWS. */
  requests: v.number(),
  memory: v.object({ early: memory, late: memory }),
});

export type Report = v.InferOutput<typeof report>;
