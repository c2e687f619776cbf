/** The table of the HTTP API for servers: every operation with its method, its path, and the shapes of its input and its reply. */

import * as v from 'valibot';
import {
  change,
  channel,
  content,
  draft,
  hasOneChange,
  hasOneContent,
  key,
  limit,
  member,
  memberCursor,
  namedMessage,
  namesItsValue,
  records,
  seq,
  valueCursor,
  values,
} from './actions.ts';
import { errorCode } from './events.ts';
import { CHANNELS_PER_REQUEST, HISTORY_LIMIT, MESSAGES_PER_PUBLISH } from './limits.ts';
import { ownActionName } from './own-action.ts';
import type { OperationName, OperationReply } from './server-operations.ts';
import { userId as user } from './user-id.ts';

export type { OperationName, OperationReply, OperationRequest, Refusal } from './server-operations.ts';

const connectionId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_\-=]{1,128}$/));

/** `next` of the page before. */
const cursor = v.optional(v.pipe(v.string(), v.maxLength(2_048)));
const next = v.optional(v.string());

/** A number in a query, where every value is text. */
const inQuery = <Schema extends v.GenericSchema<number>>(schema: Schema) =>
  v.pipe(v.string(), v.digits(), v.toNumber(), schema);

/** Why the server refused a request: the body of every response that is not a 2xx. */
export const refusal = v.object({
  code: errorCode,
  status: v.number(),
  message: v.string(),
  /** Milliseconds. */
  retryAfter: v.optional(v.number()),
  /** Of a publish with `messages`: which of them is refused, from 0. None of them was published. */
  index: v.optional(v.number()),
  /** Of `conflict`: the value of the name; `null` without a value. */
  current: v.optional(v.nullable(namedMessage)),
});

const connection = v.object({
  connectionId,
  user: v.optional(v.string()),
  channels: v.array(channel),
  /** When it is over at the latest. Seconds since 1970. */
  expiresAt: v.number(),
});

/** How many connections a channel has. */
const counted = {
  connections: v.number(),
  /** `connections` is an estimate, because the channel has many. */
  estimated: v.optional(v.literal(true)),
};

const LATEST_RULE = 'a moment is in whole seconds since 1970, and before 2100';

/** Bounded, because a revocation cannot be undone: a time in milliseconds by mistake would refuse a user for ever. */
export const moment = v.pipe(
  v.number(LATEST_RULE),
  v.integer(LATEST_RULE),
  v.minValue(0, LATEST_RULE),
  v.maxValue(Date.UTC(2100) / 1000, LATEST_RULE),
);

const nothing = v.object({});

export const operations = {
  publish: {
    method: 'POST',
    path: '/messages',
    summary: 'Publishes one or several messages to one or several channels, to users, or to everyone',
    query: nothing,
    body: v.pipe(
      v.object({
        channels: v.optional(v.pipe(v.array(channel), v.maxLength(CHANNELS_PER_REQUEST))),
        /** To the inbox of each. */
        users: v.optional(v.pipe(v.array(user), v.maxLength(CHANNELS_PER_REQUEST))),
        /** To every connection, by `@all`. */
        everyone: v.optional(v.boolean()),
        ...content,
        messages: v.optional(v.pipe(v.array(draft), v.minLength(1), v.maxLength(MESSAGES_PER_PUBLISH))),
      }),
      v.check(
        ({ channels = [], users = [], everyone = false }) => channels.length + users.length > 0 || everyone,
        'name channels, users, or everyone',
      ),
      v.check((input) => hasOneContent(input), 'publish needs either data or messages, not both'),
      v.check((input) => namesItsValue(input), 'ifSeq and remove need a name'),
    ),
    /**
     * One for each channel, in the order in which they were named. `seq` is the number of the last message; `seqs`, with several
     * `messages`, those of all.
     */
    reply: v.object({
      results: v.array(
        v.object({
          channel,
          seq: v.optional(seq),
          seqs: v.optional(v.array(seq)),
          error: v.optional(refusal),
        }),
      ),
    }),
  },
  edit: {
    method: 'POST',
    path: '/edits',
    summary: 'Replaces the data of a message, or deletes the message',
    query: nothing,
    body: v.pipe(
      v.object({ channel, ...change }),
      v.check((input) => hasOneChange(input), 'edit needs either data or remove, not both'),
    ),
    /** `seq`: the number of the edit, which is a message of the channel itself. */
    reply: v.object({ channel, seq }),
  },
  history: {
    method: 'GET',
    path: '/history',
    summary: 'Reads messages of a channel, oldest first: after a position, before one, or the newest',
    query: v.object({
      channel,
      after: v.optional(inQuery(seq)),
      before: v.optional(inQuery(seq)),
      limit: v.optional(inQuery(limit), String(HISTORY_LIMIT)),
    }),
    body: nothing,
    /** `first`: with `after=0`, the number of the channel's first message. */
    reply: v.object({ channel, first: v.optional(seq), messages: records, more: v.boolean() }),
  },
  values: {
    method: 'GET',
    path: '/values',
    summary: 'Reads the values of a channel: the newest message of each name',
    query: v.object({ channel, cursor: valueCursor }),
    body: nothing,
    /** `seq`: the head when the first page was read. Of several values of one name, the greatest `seq` counts. */
    reply: v.object({ channel, seq, values, next }),
  },
  position: {
    method: 'GET',
    path: '/positions',
    summary: 'Tells how far a user has marked a channel as read',
    query: v.object({ user, channel }),
    body: nothing,
    /** No `seq`: the user has no mark, or it was so old that it was deleted. */
    reply: v.object({ user: v.string(), channel, seq: v.optional(seq) }),
  },
  forgetPosition: {
    method: 'DELETE',
    path: '/positions',
    summary: 'Forgets how far a user has marked a channel as read, as if nothing had ever been marked',
    query: v.object({ user, channel }),
    body: nothing,
    reply: v.object({ user: v.string(), channel }),
  },
  members: {
    method: 'GET',
    path: '/members',
    summary: 'Lists who is subscribed to a channel, each user once',
    query: v.object({ channel, cursor: memberCursor }),
    body: nothing,
    reply: v.object({ channel, members: v.array(member), next }),
  },
  channels: {
    method: 'GET',
    path: '/channels',
    summary: 'Lists channels, and how many connections are subscribed to each',
    query: v.object({ cursor }),
    body: nothing,
    reply: v.object({
      channels: v.array(v.object({ channel, ...counted, seq: v.optional(seq) })),
      next,
    }),
  },
  occupancy: {
    method: 'GET',
    path: '/occupancy',
    summary: 'Counts the connections that are subscribed to a channel',
    query: v.object({ channel }),
    body: nothing,
    reply: v.object({ channel, ...counted }),
  },
  connections: {
    method: 'GET',
    path: '/connections',
    summary: 'Lists connections: all of them, or those of a user',
    query: v.object({ user: v.optional(user), cursor }),
    body: nothing,
    reply: v.object({ connections: v.array(connection), next }),
  },
  connection: {
    method: 'GET',
    path: '/connections/{connectionId}',
    summary: 'Looks at a connection',
    query: v.object({ connectionId }),
    body: nothing,
    reply: connection,
  },
  closeConnection: {
    method: 'DELETE',
    path: '/connections/{connectionId}',
    summary: 'Closes a connection; one that is gone already is fine',
    query: v.object({ connectionId }),
    body: nothing,
    reply: v.object({ closed: v.number() }),
  },
  closeConnections: {
    method: 'DELETE',
    path: '/connections',
    summary: 'Closes all connections of a user',
    query: v.object({ user }),
    body: nothing,
    reply: v.object({ closed: v.number() }),
  },
  revoke: {
    method: 'POST',
    path: '/revocations',
    summary: "Makes a user's tokens worthless that were issued before a moment, and closes their connections",
    query: nothing,
    /** Seconds since 1970; without it, everything until now. */
    body: v.object({ user, issuedBefore: v.optional(moment) }),
    reply: v.object({ closed: v.number() }),
  },
  callAction: {
    method: 'POST',
    path: '/actions/{name}',
    summary: "Calls an action of the application's own",
    query: v.object({ name: ownActionName }),
    /** `data`: any JSON, which the action checks. `key`: only for actions that are idempotent. */
    body: v.object({ data: v.optional(v.unknown()), key }),
    /** What the action returned, or `null`. */
    reply: v.object({ data: v.unknown() }),
  },
} as const;

export type Operation = (typeof operations)[OperationName];
export type OperationInput<O extends OperationName> = v.InferOutput<(typeof operations)[O]['query']> &
  v.InferOutput<(typeof operations)[O]['body']>;

/**
 * The schema of each operation's reply. It is the table `operations` again, with the types of `server-operations.ts`.
 *
 * @alias `knip` reports a value with two names, unless the second one is marked.
 */
export const replySchemas: { readonly [O in OperationName]: WithReply<OperationReply<O>> } = operations;

interface WithReply<Reply> {
  readonly reply: v.GenericSchema<unknown, Reply>;
}

export const operationNames: readonly OperationName[] = Object.keys(operations).filter(isOperation);

function isOperation(name: string): name is OperationName {
  return Object.hasOwn(operations, name);
}
