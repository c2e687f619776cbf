/** What the server may send: one schema per event, used for types here and to check every frame in the tests. */

import * as v from 'valibot';
import { channel, id } from './commands.ts';
import { type ErrorCode, errorStatus } from './errors.ts';

const reply = { id: v.optional(id) };
const seq = v.pipe(v.number(), v.integer());
const time = v.pipe(v.number(), v.integer());

/** Always delivered in arrays, so that live messages and replays have one shape. */
export const message = v.object({
  /** Position in the channel's one order; absent where the channel keeps no history. */
  seq: v.optional(seq),
  data: v.unknown(),
  /** The sender's user id, from its token; absent for an anonymous sender. */
  from: v.optional(v.string()),
  /** When the server accepted it. Milliseconds since 1970. */
  time,
});

const codes = Object.keys(errorStatus) as [ErrorCode, ...ErrorCode[]];

export const eventSchemas = {
  subscribed: v.object({ ...reply, event: v.literal('subscribed'), channel, seq: v.optional(seq) }),
  unsubscribed: v.object({ ...reply, event: v.literal('unsubscribed'), channel }),
  published: v.object({ ...reply, event: v.literal('published'), channel, seq: v.optional(seq) }),
  pong: v.object({ ...reply, event: v.literal('pong') }),
  error: v.object({
    ...reply,
    event: v.literal('error'),
    action: v.optional(v.string()),
    code: v.picklist(codes),
    status: v.pipe(v.number(), v.integer()),
    message: v.string(),
    retryAfter: v.optional(v.number()),
  }),
  messages: v.object({ event: v.literal('messages'), channel, messages: v.array(message) }),
};

export const anyEvent = v.variant('event', [
  eventSchemas.subscribed,
  eventSchemas.unsubscribed,
  eventSchemas.published,
  eventSchemas.pong,
  eventSchemas.error,
  eventSchemas.messages,
]);

export type EventName = keyof typeof eventSchemas;
export type ServerEvent<E extends EventName = EventName> = v.InferOutput<(typeof eventSchemas)[E]>;
/** What answers a command; everything else is pushed. */
export type Reply = ServerEvent<Exclude<EventName, 'messages'>>;
export type Message = v.InferOutput<typeof message>;
