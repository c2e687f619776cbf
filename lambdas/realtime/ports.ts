/** What the domain needs from the outside: each method is one request, so that a crash can only fall between two. */

import type { DeliveryTask } from './delivery/delivery-task.ts';
import type { LogStore } from './log/log-store.ts';

/** Where a connection's subscription of a channel stands: it stays there for as long as the connection is subscribed. */
export interface Placement {
  readonly channel: string;
  /** From 0; the channel's subscriptions are spread over its shards. */
  readonly shard: number;
}

/** One row of who gets a channel's messages. */
export interface Subscription extends Placement {
  readonly connectionId: string;
  /** How many shards the channel had when this row was placed. */
  readonly among: number;
  readonly user?: string;
  /**
   * From then on nothing is delivered: its token has ended, or the connection has outlived what the platform allows. Seconds
   * since 1970; the row may be found for a long time after that (PX-8).
   */
  readonly expiresAt: number;
  /**
   * The row is kept until then, because its socket may be open for as long. Seconds since 1970; without it, the row may go when it
   * expires.
   */
  readonly keptUntil?: number;
  /**
   * The end of the token that made or last renewed a row over HTTP. Requests with another token may not move `expiresAt` beyond
   * it, unless that token gives the same right. Seconds since 1970; absent for sockets and anonymous sessions.
   */
  readonly grantUntil?: number;
  /** Milliseconds since 1970; until then a 410 may only mean that the handshake is not over (HS-15). */
  readonly handshakeUntil?: number;
  /** Whether its user counts as there: the change stream then tells of the row (`presence.ts`). */
  readonly isMember?: boolean;
  /** What the user's token says about them, for a row that counts. */
  readonly info?: unknown;
  /** Whether it may see members, and so is told who comes and goes. */
  readonly seesMembers?: boolean;
  /**
   * The connection may not subscribe here, and nothing is delivered to it by this row: it is there for the user's connections to
   * be counted and closed. Rows of before there was such a thing hear everything.
   */
  readonly isDeaf?: boolean;
}

/** What a subscription says of its user's presence. */
export interface Attendance {
  /** Seconds since 1970. */
  readonly expiresAt: number;
  readonly info?: unknown;
}

export interface Connection {
  readonly connectionId: string;
  readonly user?: string;
  /** Where an anonymous session over HTTP comes from (`source-address.ts`). */
  readonly address?: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
  /** From then on the sweep closes it (`expiry.ts`). Seconds since 1970; absent if the platform closes it before. */
  readonly closesAt?: number;
  /** Milliseconds since 1970; until then a 410 may only mean that the handshake is not over (HS-15). */
  readonly handshakeUntil?: number;
}

/** Connections whose time is over, in the order of their ends. */
export interface ExpiryStore {
  /** They are spread over this many lanes, from 0. */
  readonly lanes: number;
  /**
   * A page of one lane: connections that should be closed by `now` and were not forgotten, as far as the index knows yet. Seconds
   * since 1970.
   */
  expired(lane: number, now: number, after?: ExpiryCursor): Promise<ExpiryPage>;
}

export interface ExpiryPage {
  readonly connections: readonly Pick<Connection, 'connectionId' | 'handshakeUntil'>[];
  /** Pass it as `after` for the next page; there is none when it is absent. */
  readonly next?: ExpiryCursor;
}

export interface ExpiryCursor {
  readonly connectionId: string;
  readonly closesAt: number;
}

/** A page of a shard. */
export interface SubscriptionPage {
  readonly subscriptions: readonly Subscription[];
  /** Pass it as `after` for the next page; there is none when it is absent. */
  readonly next?: string;
}

export type Addition =
  /** It was added now or before: its shard is the one of its first time. */
  { readonly kind: 'added'; readonly shard: number } | { readonly kind: 'full' } | { readonly kind: 'gone' };

/** What a connection is charged for a frame. Milliseconds of its time, as everything here. */
export interface Bill {
  readonly costMs: number;
  /** How far it may be ahead of the clock. */
  readonly burstMs: number;
  /** Since 1970. */
  readonly now: number;
  /** Whether it is probably busy already: saves a request when it is right, and costs one when it is not. */
  readonly isBusy: boolean;
}

/** `busyUntil`: when it will have worked off everything it was charged for. Milliseconds since 1970. */
export type Charge =
  | { readonly kind: 'charged' | 'limited'; readonly busyUntil: number }
  | { readonly kind: 'gone' };

/** Connections and the channels each one is in; they always cover the connection's subscriptions. */
export interface ConnectionStore {
  /** Writes a new connection together with the subscriptions it is born with. */
  open(connection: Connection, subscriptions: readonly Subscription[]): Promise<void>;
  /** Adds a channel to a connection that still exists and is in fewer than `limit` channels. */
  addChannel(connectionId: string, placement: Placement, limit: number): Promise<Addition>;
  /** The shard in which the connection is subscribed to the channel, if it is. */
  shardOf(connectionId: string, channel: string): Promise<number | undefined>;
  removeChannel(connectionId: string, channel: string): Promise<void>;
  /** Charges a connection that still exists, unless that takes it too far ahead of the clock. */
  charge(connectionId: string, bill: Bill): Promise<Charge>;
  /** Deletes the connection and answers where it was subscribed: nowhere if it was not there. */
  remove(connectionId: string): Promise<readonly Placement[]>;
}

/** Who is subscribed to what. */
export interface SubscriptionStore {
  put(subscription: Subscription): Promise<void>;
  remove(connectionId: string, placements: readonly Placement[]): Promise<void>;
  /** A page of one shard, expired rows and all, in the order of their connections, without `info`; strongly consistent. */
  page(placement: Placement, after?: string): Promise<SubscriptionPage>;
  /** Of a row that counts, what it says; strongly consistent. */
  attendance(connectionId: string, placement: Placement): Promise<Attendance | undefined>;
  /** How many rows of a shard were placed when the channel had so many shards; counted no further than `limit`. */
  count(placement: Placement, among: number, limit: number): Promise<number>;
}

/** Over how many shards the subscriptions of a channel are spread: at first one, and never fewer than before. */
export interface ShardStore {
  /** Strongly consistent. */
  count(channel: string): Promise<number>;
  /** The same, but perhaps as it was a while ago: good enough to choose a shard, not to find all subscribers. */
  recentCount(channel: string): Promise<number>;
  /** Raises the count unless someone else did. */
  grow(channel: string, from: number, to: number): Promise<void>;
}

/** Deliveries by other functions. */
export interface Deliveries {
  /** What one broadcast may take of the account's quota for posts. */
  readonly postsPerSecond: number;
  /** Has the task done by another function, at least once. */
  start(task: DeliveryTask): Promise<void>;
}

/** Which pieces of work were begun, and by whom. */
export interface ClaimStore {
  /** Takes a piece of work, for one invocation and its retries: whether it is theirs, and how far they came before. */
  claim(piece: string, owner: string): Promise<Claim>;
  /** Notes that what comes after the piece was started. */
  passOn(piece: string): Promise<void>;
}

export type Claim = 'new' | 'passed on' | "another's";

/** Whose tokens are worth nothing any more. */
export interface RevocationStore {
  /** Revokes what was issued to the user before a moment; an earlier one changes nothing. Seconds since 1970. */
  revoke(user: string, issuedBefore: number): Promise<void>;
  /** Tokens issued before it are revoked; strongly consistent. Seconds since 1970. */
  revokedBefore(user: string): Promise<number | undefined>;
}

/** A connection as it is stored. */
export interface StoredConnection extends Connection {
  readonly channels: string[];
}

/** What operators look up: page by page, as it was stored a moment ago. */
export interface Directory {
  connection(connectionId: string): Promise<StoredConnection | undefined>;
  /** `next` is the cursor of the page after; there is none when it is absent. */
  connections(cursor?: string): Promise<{ readonly connections: StoredConnection[]; readonly next?: string }>;
  /**
   * Channels that are occupied, as far as the stage tells that, and channels that were used, with the number of the last
   * message of those that keep a history.
   */
  channels(cursor?: string): Promise<{ readonly heads: readonly ChannelHead[]; readonly next?: string }>;
}

export interface ChannelHead {
  readonly channel: string;
  readonly seq?: number;
}

/** What came of one attempt: 200, 410, 429, an error of the platform or no answer, or a refusal. */
export type PostOutcome = 'sent' | 'gone' | 'throttled' | 'failed' | Refusal;

/** The platform says that we did something wrong. */
export interface Refusal {
  /** Whether it says so of this post alone, or would say so of any other: a wrong grant, signature, endpoint or frame. */
  readonly refused: 'this post' | 'every post';
  /** For the log. */
  readonly reason: string;
}

/** The way to clients: the gateway's management API. */
export interface Outbound {
  /** One attempt; what the platform or the network makes of it is an outcome. */
  post(connectionId: string, frame: Uint8Array): Promise<PostOutcome>;
  /** Closes the connection from this side; one that is gone already is fine, and one that is still connecting is `gone` (HS-15). */
  disconnect(connectionId: string): Promise<'closed' | 'gone'>;
  /** Why the last post failed, for the log. */
  whyFailed?(): string | undefined;
}

/** All of it. */
export interface Ports {
  readonly connections: ConnectionStore;
  readonly subscriptions: SubscriptionStore;
  readonly channelLog: LogStore;
  readonly shards: ShardStore;
  readonly deliveries: Deliveries;
  readonly outbound: Outbound;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
}

/** The structured log: a sentence and chosen fields. Never a frame, a token or a header. */
export interface Log {
  warn(message: string, fields: Readonly<Record<string, string | number>>): void;
  error(
    message: string,
    fields: Readonly<Record<string, string | number | Error>> & { readonly error: Error },
  ): void;
}
