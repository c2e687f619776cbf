/** The table of client actions: the shapes of each command and of its reply. Unknown fields are dropped. */

import * as v from 'valibot';
import { parseChannel } from './channel.ts';
import {
  CHANNEL_LENGTH,
  HISTORY_LIMIT,
  HISTORY_LIMIT_MAX,
  ID_LENGTH,
  KEY_LENGTH,
  MESSAGES_PER_PUBLISH,
  USER_LENGTH,
  VALUE_NAME_LENGTH,
} from './limits.ts';
import type { Draft, Edit } from './message.ts';

export type { Draft, Edit, Member, Message, NamedMessage, VoidRecord } from './message.ts';

const ID_RULE = `id must be a finite number or a string of at most ${ID_LENGTH} characters`;
const CHANNEL_RULE = `channel must be namespace:name, at most ${CHANNEL_LENGTH} of A-Za-z0-9_-=@,.;:/`;
const KEY_RULE = `key must be a string of 1 to ${KEY_LENGTH} characters`;
const NAME_RULE = `name must be a string of 1 to ${VALUE_NAME_LENGTH} characters`;
const BATCH_RULE = `messages must be an array of 1 to ${MESSAGES_PER_PUBLISH} objects with data`;
const SEQ_RULE = 'a position is a whole number';
const IF_SEQ_RULE = 'ifSeq must be a whole number';
const REMOVE_RULE = 'remove can only be true';
const NAMELESS_RULE = 'ifSeq and remove need a name';
const EDIT_RULE = 'edit needs either data or remove, not both';
const VALUES_RULE = 'values can only be true';
const DIFFS_RULE = 'diffs must be true or false';
const AFTER_RULE = 'after must be a position, which is a whole number, or "marked"';
const LAST_RULE = `last must be a whole number from 0 to ${HISTORY_LIMIT_MAX}`;
const FEWER_RULE = `the limit of a subscribe must be a whole number from 0 to ${HISTORY_LIMIT_MAX}`;
const BEGIN_RULE = 'subscribe takes either after or last, not both';
const LIMIT_RULE = `limit must be a whole number from 1 to ${HISTORY_LIMIT_MAX}`;
const RANGE_RULE = 'history takes either after or before, not both';
const CURSOR_RULE = 'cursor must be the next of a page before';
const CONTENT_RULE = 'publish needs either data or messages, not both';

/** The client chooses it, and the reply repeats it. */
export const id = v.union(
  [v.pipe(v.string(), v.maxLength(ID_LENGTH, ID_RULE)), v.pipe(v.number(), v.finite(ID_RULE))],
  ID_RULE,
);

export const channel = v.pipe(
  v.string(CHANNEL_RULE),
  v.check((name) => parseChannel(name) !== undefined, CHANNEL_RULE),
);

/** UTF-8 has no unpaired surrogates: each is stored as U+FFFD. Two texts would become one, and the second message would be lost. */
const keyText = (length: number, rule: string) =>
  v.pipe(
    v.string(rule),
    v.minLength(1, rule),
    v.maxLength(length, rule),
    v.check((text) => !/\p{Surrogate}/u.test(text), rule),
  );

export const key = v.optional(keyText(KEY_LENGTH, KEY_RULE));

const valueName = keyText(VALUE_NAME_LENGTH, NAME_RULE);

/** The fields of one message of a publish. */
export const content = {
  /** Any JSON. */
  data: v.optional(v.unknown()),
  key,
  /** In namespaces with `values`: the message becomes the value of this name. */
  name: v.optional(valueName),
  /** Only if the newest message of the name has this number; `0`: only if the name has no value. Else the answer is `conflict`. */
  ifSeq: v.optional(v.pipe(v.number(IF_SEQ_RULE), v.safeInteger(IF_SEQ_RULE), v.minValue(0, IF_SEQ_RULE))),
  /** Instead of `data`: removes the value of the name. */
  remove: v.optional(v.literal(true, REMOVE_RULE)),
};

/** Whether `ifSeq` and `remove` come with a name. */
export function namesItsValue({ name, ifSeq, remove }: Pick<Draft, 'name' | 'ifSeq' | 'remove'>): boolean {
  return name !== undefined || (ifSeq === undefined && remove === undefined);
}

export const draft = v.pipe(
  v.object(content, BATCH_RULE),
  v.forward(
    v.check(({ data, remove }) => (data === undefined) === (remove === true), 'data is missing'),
    ['data'],
  ),
  v.check((one) => namesItsValue(one), NAMELESS_RULE),
);

const batch = v.pipe(
  v.array(draft, BATCH_RULE),
  v.minLength(1, BATCH_RULE),
  v.maxLength(MESSAGES_PER_PUBLISH, BATCH_RULE),
);

const withId = { id: v.optional(id) };

/** Position in a channel's one order. */
export const seq = v.pipe(v.number(SEQ_RULE), v.safeInteger(SEQ_RULE), v.minValue(0, SEQ_RULE));

/** The fields of an edit beside its channel. */
export const change = {
  /** The message. The number of an edit stands for the message that it replaces. */
  seq,
  /** Any JSON: the new data. */
  data: v.optional(v.unknown()),
  /** Instead of `data`: deletes the message. */
  remove: v.optional(v.literal(true, REMOVE_RULE)),
  key,
};

/** Whether an edit has one of `data` and `remove`. */
export function hasOneChange({ data, remove }: Pick<Edit, 'data' | 'remove'>): boolean {
  return (data === undefined) === (remove === true);
}

export const limit = v.pipe(
  v.number(LIMIT_RULE),
  v.integer(LIMIT_RULE),
  v.minValue(1, LIMIT_RULE),
  v.maxValue(HISTORY_LIMIT_MAX, LIMIT_RULE),
);

/** 0 is allowed: no messages. */
function atMost(rule: string) {
  return v.pipe(v.number(rule), v.integer(rule), v.minValue(0, rule), v.maxValue(HISTORY_LIMIT_MAX, rule));
}

/** The fields of every message. */
const sent = {
  /** Absent where the channel keeps no history. */
  seq: v.optional(seq),
  data: v.unknown(),
  /** The sender's user id, from its token; absent for an anonymous sender. */
  from: v.optional(v.string()),
  /** When the server accepted it. Milliseconds since 1970. */
  time: v.pipe(v.number(), v.integer()),
  /** In namespaces with `values`: the name whose value this message is, or was. */
  name: v.optional(v.string()),
  /** The message removes the value of its name, or the message that it replaces; or it was deleted itself. `data` is `null`. */
  removed: v.optional(v.literal(true)),
};

/** A message as subscribers see it. */
export const message = v.object({
  ...sent,
  /** In namespaces with `edit`: the number of the message that this one replaces. */
  replaces: v.optional(seq),
  /** In namespaces with `edit`: the number of the newest message that replaces this one. `data` is what that one has. */
  edited: v.optional(seq),
});

/** A message that is the value of a name. It is never edited. */
export const namedMessage = v.object({ ...sent, seq, name: v.string() });

/** The values of names, or some of them: each the newest message of its name. `removed`: the name has no value any more. */
export const values = v.array(namedMessage);

/** `next` of the page before, for `values`. */
export const valueCursor = v.optional(
  v.pipe(v.string(CURSOR_RULE), v.maxLength(VALUE_NAME_LENGTH + 40, CURSOR_RULE)),
);

/** A user who is in a channel. */
export const member = v.object({
  user: v.string(),
  /** The claim `info` of the user's token; absent if the token has none. */
  info: v.optional(v.unknown()),
  /** Where the namespace has presence: rises with every `joined` and `left` of this user. Milliseconds since 1970. */
  at: v.optional(v.pipe(v.number(), v.integer())),
});

/** A cursor is a user. In a wide channel without presence it is also a place among the subscriptions, and begins with `#`. */
function isBounded(cursor: string): boolean {
  return cursor.length <= (cursor.startsWith('#') ? 2 : 1) * USER_LENGTH;
}

/** `next` of the page before. Omit it for the first page. */
export const memberCursor = v.optional(
  v.pipe(v.string(CURSOR_RULE), v.maxLength(2 * USER_LENGTH, CURSOR_RULE), v.check(isBounded, CURSOR_RULE)),
);

/** A number that no message will ever have: its writer gave it up, or failed and a reader sealed it. */
export const voidRecord = v.object({ seq, void: v.literal(true) });

/** Records in the order of their numbers; replays and history have no gaps between them. */
export const records = v.array(v.union([voidRecord, message]));

export const actionSchemas = {
  subscribe: {
    command: v.pipe(
      v.object({
        ...withId,
        action: v.literal('subscribe'),
        channel,
        /** `marked`: the position that the user has marked, or 0 without a mark. */
        after: v.optional(v.union([seq, v.literal('marked')], AFTER_RULE)),
        /** Instead of `after`: begins with the newest messages, this many or as many as are kept. Void numbers count. */
        last: v.optional(atMost(LAST_RULE)),
        /** With `after` or `last`: the most messages in the reply. `history` has the others. */
        limit: v.optional(atMost(FEWER_RULE)),
        /** Joins and leaves of the same moment may come in one frame. Without it, each one is a frame. */
        diffs: v.optional(v.boolean(DIFFS_RULE)),
        /** In namespaces with `values`: the reply has the values of all names, in place of messages. */
        values: v.optional(v.literal(true, VALUES_RULE)),
      }),
      v.check(({ after, last }) => after === undefined || last === undefined, BEGIN_RULE),
    ),
    reply: v.object({
      ...withId,
      event: v.literal('subscribed'),
      channel,
      /**
       * The head at this moment: every later message arrives live. 0: the channel has no message yet. Absent if the channel keeps
       * no history.
       */
      seq: v.optional(seq),
      /** In a reply to `after: 0`: the number of the channel's first message. Absent if the channel has no message yet. */
      first: v.optional(seq),
      /** With `last`: the position behind which `messages` begin. No message behind it has expired. */
      after: v.optional(seq),
      /** With `after`: whether everything between it and the head is still there. If not, `messages` is empty. */
      recovered: v.optional(v.boolean()),
      messages: v.optional(records),
      /** Only of a wide channel: it has about 500 times two to the power of this many subscribers. */
      size: v.optional(v.pipe(v.number(), v.integer())),
      /** The reply was full before the head, or reached its `limit`: `history` has the rest, up to `seq`. */
      more: v.optional(v.boolean()),
      /** With `values`: the values as they are at `seq`, or some of them later. Every later message arrives live. */
      values: v.optional(values),
      /** There are more values: the `cursor` of the command `values`. */
      next: v.optional(v.string()),
    }),
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
        ...content,
        messages: v.optional(batch),
      }),
      v.check((command) => hasOneContent(command), CONTENT_RULE),
      v.check((command) => namesItsValue(command), NAMELESS_RULE),
    ),
    reply: v.object({
      ...withId,
      event: v.literal('published'),
      channel,
      /** The number of the last message. Absent if the channel keeps no history. */
      seq: v.optional(seq),
      /** With several `messages`: the number of each, in their order. Absent if the replies of the frame leave no room for it. */
      seqs: v.optional(v.array(seq)),
    }),
  },
  edit: {
    command: v.pipe(
      v.object({ ...withId, action: v.literal('edit'), channel, ...change }),
      v.check((command) => hasOneChange(command), EDIT_RULE),
    ),
    /** `seq`: the number of the edit, which is a message of the channel itself. */
    reply: v.object({ ...withId, event: v.literal('edited'), channel, seq }),
  },
  history: {
    command: v.pipe(
      v.object({
        ...withId,
        action: v.literal('history'),
        channel,
        after: v.optional(seq),
        before: v.optional(seq),
        limit: v.optional(limit, HISTORY_LIMIT),
      }),
      v.check(({ after, before }) => after === undefined || before === undefined, RANGE_RULE),
    ),
    /** Oldest first. `more`: in the direction asked for, there is more. `first`: as in `subscribed`. */
    reply: v.object({
      ...withId,
      event: v.literal('history'),
      channel,
      first: v.optional(seq),
      messages: records,
      more: v.boolean(),
    }),
  },
  values: {
    command: v.object({ ...withId, action: v.literal('values'), channel, cursor: valueCursor }),
    /**
     * `seq`: the head when the first page was read. For a subscriber, every later message arrives live. Of several values of one name, the
     * greatest `seq` counts. `next`: there are more values.
     */
    reply: v.object({
      ...withId,
      event: v.literal('values'),
      channel,
      seq,
      values,
      next: v.optional(v.string()),
    }),
  },
  mark: {
    /** `seq`: the user has read everything up to there. `0` marks nothing, and only reads the position. */
    command: v.object({ ...withId, action: v.literal('mark'), channel, seq }),
    /** `seq`: the position that is stored now. It only moves forward, on all devices of the user. */
    reply: v.object({ ...withId, event: v.literal('marked'), channel, seq }),
  },
  members: {
    command: v.object({ ...withId, action: v.literal('members'), channel, cursor: memberCursor }),
    /**
     * Signed-in users who are subscribed, each once, also with several connections. `next`: there are more members. In a channel
     * without presence that has more than 6,000 connections, a user with several may be on more than one page.
     */
    reply: v.object({
      ...withId,
      event: v.literal('members'),
      channel,
      members: v.array(member),
      next: v.optional(v.string()),
    }),
  },
  ping: {
    command: v.object({ ...withId, action: v.literal('ping') }),
    reply: v.object({ ...withId, event: v.literal('pong') }),
  },
};

/** Whether a publish has one of `data`, `remove` and `messages`. */
export function hasOneContent({
  data,
  remove,
  messages,
}: Draft & { messages?: readonly Draft[] | undefined }): boolean {
  return [data !== undefined, remove === true, messages !== undefined].filter(Boolean).length === 1;
}

export type Action = keyof typeof actionSchemas;
export type Command<A extends Action = Action> = v.InferOutput<(typeof actionSchemas)[A]['command']>;
export type Reply<A extends Action = Action> = v.InferOutput<(typeof actionSchemas)[A]['reply']>;
