/** The inputs and replies of the HTTP API for servers, in plain types. `operations.ts` has the schemas that check them. */

import type { ErrorCode } from './errors.ts';
import type { Draft, Edit, Member, Message, NamedMessage, VoidRecord } from './message.ts';

/** Why something was not done; the body of every answer that is not a 2xx. */
export interface Refusal {
  code: ErrorCode;
  status: number;
  message: string;
  /** Milliseconds. */
  retryAfter?: number | undefined;
  /** Of a publish with `messages`: which of them is refused, from 0. None of them was published. */
  index?: number | undefined;
  /** Of `conflict`: the value of the name; `null` without a value. */
  current?: NamedMessage | null | undefined;
}

/** A connection in the replies of the API. */
export interface ConnectionReport {
  connectionId: string;
  user?: string | undefined;
  channels: string[];
  /** When it is over at the latest. Seconds since 1970. */
  expiresAt: number;
}

export interface PublishRequest extends Draft {
  channels?: string[] | undefined;
  /** To the inbox of each. */
  users?: string[] | undefined;
  /** To every connection, by `@all`. */
  everyone?: boolean | undefined;
  /** Instead of `data` and the other fields of one message. */
  messages?: Draft[] | undefined;
}

/** The result of one channel. */
export interface PublishResult {
  channel: string;
  /** The number of the last message. Absent if the channel keeps no history. */
  seq?: number | undefined;
  /** With several `messages`: the number of each, in their order. */
  seqs?: number[] | undefined;
  error?: Refusal | undefined;
}

export interface HistoryRequest {
  channel: string;
  after?: number | undefined;
  before?: number | undefined;
  limit?: number;
}

/** `first`: with `after: 0`, the number of the channel's first message. */
export interface HistoryReply {
  channel: string;
  first?: number | undefined;
  messages: (VoidRecord | Message)[];
  more: boolean;
}

/** `seq`: the head when the first page was read. Of several values of one name, the greatest `seq` counts. */
export interface ValuesReply extends Page {
  channel: string;
  seq: number;
  values: NamedMessage[];
}

/** How many connections are subscribed to a channel. */
export interface Occupancy {
  channel: string;
  connections: number;
  /** `connections` is an estimate, because the channel has many. */
  estimated?: true | undefined;
}

interface Page {
  /** Where the list goes on: the `cursor` of the next request. */
  next?: string | undefined;
}

interface InPages {
  /** `next` of the page before. */
  cursor?: string | undefined;
}

interface OfUser {
  user: string;
}

interface OfChannel {
  channel: string;
}

interface Closed {
  closed: number;
}

/** A call of one of the application's own actions. */
export interface ActionRequest {
  name: string;
  /** Any JSON, which the action checks. */
  data?: unknown;
  /** Only for actions that are idempotent: within ten minutes, calls with the same key run once. */
  key?: string | undefined;
}

/** The input and the reply of each operation of the HTTP API. */
export interface ServerOperations {
  /** Publishes one or several messages to one or several channels, to users, or to everyone. */
  publish: { request: PublishRequest; reply: { results: PublishResult[] } };
  /** Replaces the data of a message, or deletes it. `seq`: the number of the edit. */
  edit: { request: OfChannel & Edit; reply: OfChannel & { seq: number } };
  history: { request: HistoryRequest; reply: HistoryReply };
  values: { request: OfChannel & InPages; reply: ValuesReply };
  /** No `seq`: the user has no mark, or it was so old that it was deleted. */
  position: { request: OfUser & OfChannel; reply: OfUser & OfChannel & { seq?: number | undefined } };
  forgetPosition: { request: OfUser & OfChannel; reply: OfUser & OfChannel };
  members: { request: OfChannel & InPages; reply: OfChannel & { members: Member[] } & Page };
  channels: {
    request: InPages;
    reply: { channels: (Occupancy & { seq?: number | undefined })[] } & Page;
  };
  occupancy: { request: OfChannel; reply: Occupancy };
  connections: {
    request: { user?: string | undefined } & InPages;
    reply: { connections: ConnectionReport[] } & Page;
  };
  connection: { request: { connectionId: string }; reply: ConnectionReport };
  closeConnection: { request: { connectionId: string }; reply: Closed };
  closeConnections: { request: OfUser; reply: Closed };
  /** `issuedBefore`: seconds since 1970; without it, everything until now. */
  revoke: { request: OfUser & { issuedBefore?: number | undefined }; reply: Closed };
  callAction: { request: ActionRequest; reply: { data: unknown } };
}

export type OperationName = keyof ServerOperations;
export type OperationRequest<O extends OperationName> = ServerOperations[O]['request'];
export type OperationReply<O extends OperationName> = ServerOperations[O]['reply'];
