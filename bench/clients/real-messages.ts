/** The messages between the benchmark and a process that runs one client and its server over real sockets. */

import * as v from 'valibot';

/** A stand-in speaks the client's protocol, and stores nothing. */
const serverKind = v.picklist(['local runtime', 'socket.io', 'socket.io with recovery', 'stand-in']);

export const realOrder = v.object({ name: v.string(), server: serverKind });

export const ready = v.object({ isReady: v.literal(true) });

export const realCommand = v.picklist(['first message', 'cut']);

export const firstMessage = v.object({ ms: v.number() });

export const afterCut = v.object({
  published: v.array(v.number()),
  away: v.array(v.number()),
  received: v.array(v.number()),
  /** From the restored link to the first message. Missing if none came in time. Milliseconds. */
  backMs: v.optional(v.number()),
});

export type ServerKind = v.InferOutput<typeof serverKind>;
export type RealCommand = v.InferOutput<typeof realCommand>;
export type AfterCut = v.InferOutput<typeof afterCut>;
