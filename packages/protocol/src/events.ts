/** The frames that the server sends beside replies: pushed messages, and errors. */

import * as v from 'valibot';
import { actionSchemas, channel, id, member, namedMessage, records, seq } from './actions.ts';
import { type ErrorCode, errorStatus } from './errors.ts';

export const errorCode = v.custom<ErrorCode>(
  (code) => typeof code === 'string' && Object.hasOwn(errorStatus, code),
);

/**
 * Published messages, and numbers that stay void because of their publish. Always an array, so that live messages and replays have the
 * same shape.
 */
export const messagesEvent = v.object({
  event: v.literal('messages'),
  channel,
  /** Only with the channel's first number: that number. */
  first: v.optional(seq),
  messages: records,
});

const present = v.object({ ...member.entries, at: v.pipe(v.number(), v.integer()) });

/** A user joined, or has new `info`. Sent at least once. Ignore it if `at` is not greater than the last one of this user. */
export const joinedEvent = v.object({ event: v.literal('joined'), channel, member: present });

/** The user's last connection left the channel a while ago. */
export const leftEvent = v.object({ event: v.literal('left'), channel, member: present });

const presentList = v.array(present);

/** Several users joined at about the same time, in an element of a diff. */
export const joinedDiff = v.object({ event: v.literal('joined'), channel, members: presentList });

/** Several users left at about the same time, in an element of a diff. */
export const leftDiff = v.object({ event: v.literal('left'), channel, members: presentList });

/** Several changes in one frame, for subscribers that asked for `diffs`: one or two elements, and each user once. */
export const presenceDiff = v.array(v.union([joinedDiff, leftDiff]));

/** The server will close this connection. A client that opens the next one now has both for a while, and misses nothing. */
export const closingEvent = v.object({
  event: v.literal('closing'),
  reason: v.picklist(['lifetime', 'token-expired']),
  /** Milliseconds. */
  reconnectAfter: v.number(),
});

/** Sent in place of a reply. */
export const errorEvent = v.object({
  id: v.optional(id),
  event: v.literal('error'),
  action: v.optional(v.string()),
  code: errorCode,
  status: v.pipe(v.number(), v.integer()),
  message: v.string(),
  /** Milliseconds. */
  retryAfter: v.optional(v.number()),
  /** Of a publish with `messages`: which of them is refused, from 0. None of them was published. */
  index: v.optional(v.pipe(v.number(), v.integer())),
  /** Of `conflict`: the value of the name, `null` without a value. Absent if the reply has no room for it. */
  current: v.optional(v.nullable(namedMessage)),
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
