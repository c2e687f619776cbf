/** What the server sends beside replies: pushed messages, and errors. */

import * as v from 'valibot';
import { actionSchemas, channel, id, member, message, seq } from './actions.ts';
import { type ErrorCode, errorStatus } from './errors.ts';

export const errorCode = v.custom<ErrorCode>(
  (code) => typeof code === 'string' && Object.hasOwn(errorStatus, code),
);

/** Messages as they are published; always an array, so that live messages and replays have one shape. */
export const messagesEvent = v.object({
  event: v.literal('messages'),
  channel,
  /** Only with the channel's first message: its number, before which there was none. */
  first: v.optional(seq),
  messages: v.array(message),
});

const present = v.object({ ...member.entries, at: v.pipe(v.number(), v.integer()) });

/** Somebody has come, or has new `info`. At least once; what is older than what is known of this user means nothing any more. */
export const joinedEvent = v.object({ event: v.literal('joined'), channel, member: present });

/** The last of somebody's connections has been gone for a while. */
export const leftEvent = v.object({ event: v.literal('left'), channel, member: present });

/** The server will end this connection; a client that opens another one now has both for a while, and misses nothing. */
export const closingEvent = v.object({
  event: v.literal('closing'),
  reason: v.picklist(['lifetime', 'token-expired']),
  /** Milliseconds. */
  reconnectAfter: v.number(),
});

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
  joinedEvent,
  leftEvent,
  closingEvent,
]);

export type MessagesEvent = v.InferOutput<typeof messagesEvent>;
export type PresenceEvent = v.InferOutput<typeof joinedEvent> | v.InferOutput<typeof leftEvent>;
export type ClosingEvent = v.InferOutput<typeof closingEvent>;
export type ErrorEvent = v.InferOutput<typeof errorEvent>;
export type ServerEvent = v.InferOutput<typeof serverEvent>;
