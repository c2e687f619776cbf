/** What the server sends beside replies: pushed messages, and errors. */

import * as v from 'valibot';
import { actionSchemas, channel, id, message } from './actions.ts';
import { type ErrorCode, errorStatus } from './errors.ts';

export const errorCode = v.custom<ErrorCode>(
  (code) => typeof code === 'string' && Object.hasOwn(errorStatus, code),
);

/** Messages as they are published; always an array, so that live messages and replays have one shape. */
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

export type MessagesEvent = v.InferOutput<typeof messagesEvent>;
export type ErrorEvent = v.InferOutput<typeof errorEvent>;
export type ServerEvent = v.InferOutput<typeof serverEvent>;
