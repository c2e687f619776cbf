/** What the server sends beside replies: pushed messages, and errors. */

import * as v from 'valibot';
import { actionSchemas, channel, id, seq } from './actions.ts';
import { type ErrorCode, errorStatus } from './errors.ts';

/** Always delivered in arrays, so that live messages and replays have one shape. */
export const message = v.object({
  seq,
  data: v.unknown(),
  /** The sender's user id, from its token; absent for an anonymous sender. */
  from: v.optional(v.string()),
  /** When the server accepted it. Milliseconds since 1970. */
  time: v.pipe(v.number(), v.integer()),
});

const errorCode = v.custom<ErrorCode>((code) => typeof code === 'string' && Object.hasOwn(errorStatus, code));

export const messagesEvent = v.object({ event: v.literal('messages'), channel, messages: v.array(message) });

/** In place of a reply. */
export const errorEvent = v.object({
  id: v.optional(id),
  event: v.literal('error'),
  action: v.optional(v.string()),
  code: errorCode,
  status: v.pipe(v.number(), v.integer()),
  message: v.string(),
  /** Milliseconds. */
  retryAfter: v.optional(v.number()),
});

/** Every frame that a server sends, one by one. */
export const serverEvent = v.variant('event', [
  ...Object.values(actionSchemas).map(({ reply }) => reply),
  errorEvent,
  messagesEvent,
]);

export type Message = v.InferOutput<typeof message>;
export type MessagesEvent = v.InferOutput<typeof messagesEvent>;
export type ErrorEvent = v.InferOutput<typeof errorEvent>;
export type ServerEvent = v.InferOutput<typeof serverEvent>;
