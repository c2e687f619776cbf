/** The table of client actions: what each command looks like, and its reply. Unknown fields are dropped. */

import * as v from 'valibot';
import { parseChannel } from './channel.ts';
import { CHANNEL_LENGTH, ID_LENGTH, KEY_LENGTH, MESSAGES_PER_PUBLISH } from './limits.ts';

const ID_RULE = `id must be a finite number or a string of at most ${ID_LENGTH} characters`;
const CHANNEL_RULE = `channel must be namespace:name, at most ${CHANNEL_LENGTH} of A-Za-z0-9_-=@,.;:/`;
const KEY_RULE = `key must be a string of 1 to ${KEY_LENGTH} characters`;
const BATCH_RULE = `messages must be an array of 1 to ${MESSAGES_PER_PUBLISH} objects with data`;
const CONTENT_RULE = 'publish needs either data or messages, not both';

/** Chosen by the client and echoed in the reply, so that replies can be told apart. */
export const id = v.union(
  [v.pipe(v.string(), v.maxLength(ID_LENGTH, ID_RULE)), v.pipe(v.number(), v.finite(ID_RULE))],
  ID_RULE,
);

export const channel = v.pipe(
  v.string(CHANNEL_RULE),
  v.check((name) => parseChannel(name) !== undefined, CHANNEL_RULE),
);

const key = v.optional(
  v.pipe(v.string(KEY_RULE), v.minLength(1, KEY_RULE), v.maxLength(KEY_LENGTH, KEY_RULE)),
);

/** Any JSON, as long as there is some. */
const data = v.custom<unknown>((value) => value !== undefined, 'data is missing');

const draft = v.object({ data, key }, BATCH_RULE);

const batch = v.pipe(
  v.array(draft, BATCH_RULE),
  v.minLength(1, BATCH_RULE),
  v.maxLength(MESSAGES_PER_PUBLISH, BATCH_RULE),
);

const withId = { id: v.optional(id) };

/** Position in a channel's one order; absent where the channel keeps no history. */
export const seq = v.optional(v.pipe(v.number(), v.integer()));

export const actionSchemas = {
  subscribe: {
    command: v.object({ ...withId, action: v.literal('subscribe'), channel }),
    reply: v.object({ ...withId, event: v.literal('subscribed'), channel, seq }),
  },
  unsubscribe: {
    command: v.object({ ...withId, action: v.literal('unsubscribe'), channel }),
    reply: v.object({ ...withId, event: v.literal('unsubscribed'), channel }),
  },
  publish: {
    command: v.pipe(
      v.object({
        ...withId,
        action: v.literal('publish'),
        channel,
        data: v.optional(v.unknown()),
        key,
        messages: v.optional(batch),
      }),
      v.check((command) => (command.data === undefined) !== (command.messages === undefined), CONTENT_RULE),
    ),
    reply: v.object({ ...withId, event: v.literal('published'), channel, seq }),
  },
  ping: {
    command: v.object({ ...withId, action: v.literal('ping') }),
    reply: v.object({ ...withId, event: v.literal('pong') }),
  },
};

export type Action = keyof typeof actionSchemas;
export type Command<A extends Action = Action> = v.InferOutput<(typeof actionSchemas)[A]['command']>;
export type Reply<A extends Action = Action> = v.InferOutput<(typeof actionSchemas)[A]['reply']>;

/** A message as its sender wrote it, before the server adds sender and time. */
export type Draft = v.InferOutput<typeof draft>;
