/** The stored subscriptions of channels. Each method is one request, so that a crash can only fall between two. */

/** Where a connection's subscription to a channel is stored. It stays there for as long as the connection is subscribed. */
export interface Placement {
  readonly channel: string;
  /** From 0. The subscriptions of a channel are spread over its shards. */
  readonly shard: number;
}

/** One row of a channel's subscribers. */
export interface Subscription extends Placement {
  readonly connectionId: string;
  /** How many shards the channel had when this row was placed. */
  readonly shardCount: number;
  readonly user?: string;
  /**
   * From this moment on nothing is delivered: the token has ended, or the connection has outlived what the platform allows.
   * Seconds since 1970. DynamoDB may return the row for a long time after that (PX-8).
   */
  readonly expiresAt: number;
  /**
   * The row is kept until this moment, because its socket may be open for as long. Seconds since 1970. Without it, the row may be
   * deleted when it expires.
   */
  readonly keptUntil?: number;
  /**
   * The end of the token that made or last renewed a row over HTTP. Requests with another token may not move `expiresAt` beyond
   * it, unless that token gives the same right. Seconds since 1970; absent for sockets and anonymous sessions.
   */
  readonly grantUntil?: number;
  /** Milliseconds since 1970. Before this moment, a 410 may only mean that the handshake is not over (HS-15). */
  readonly handshakeUntil?: number;
  /** Whether the user of the row counts as present: only then does the change stream of the table report the row. */
  readonly isMember?: boolean;
  /** The info of the user's token, in a home row (`home.ts`). Rows that count had it in versions before this one. */
  readonly info?: unknown;
  /** Whether the connection may see members, and so receives `joined` and `left`. */
  readonly seesMembers?: boolean;
  /** Whether an observer asked for several joins and leaves in one frame. */
  readonly takesDiffs?: boolean;
  /**
   * The connection may not subscribe here, and nothing is delivered to it by this row. The row exists so that the user's
   * connections can be counted and closed. Rows without this field receive everything.
   */
  readonly isDeaf?: boolean;
}

/** The fields of a subscription about its user's presence. */
export interface Attendance {
  /** Seconds since 1970. */
  readonly expiresAt: number;
  readonly info?: unknown;
  /** The home row, which has the info, is gone: the connection is being forgotten. */
  readonly hasLostInfo?: true;
}

/** A page of a shard. */
export interface SubscriptionPage {
  readonly subscriptions: readonly Subscription[];
  /** Pass it as `after` to read the next page. Absent on the last page. */
  readonly next?: string;
  /** How many rows were looked at, if that may be more than there are in the page. */
  readonly looked?: number;
}

/** How channels were added to a row of a group: to a new row, to one that was there, or not at all, because it would name too many. */
export type Following = 'new' | 'known' | 'full';

export interface SubscriptionStore {
  put(subscription: Subscription): Promise<void>;
  /** Puts subscriptions of different channels or connections. If it fails, any of them may have been written. */
  putAll(subscriptions: readonly Subscription[]): Promise<void>;
  remove(connectionId: string, placements: readonly Placement[]): Promise<void>;
  /**
   * A page of one shard in the order of the connection ids, with rows that have expired and without `info`. Strongly consistent.
   *
   * @param most the page has at most this many rows, and fewer if the store decides so.
   * @param naming of a group: the page has only rows that name this channel, of as many that are looked at.
   */
  page(placement: Placement, after?: string, most?: number, naming?: string): Promise<SubscriptionPage>;
  /** The presence fields of a row; `undefined` for a row that does not count. Strongly consistent. */
  attendance(connectionId: string, placement: Placement): Promise<Attendance | undefined>;
  /** The info in a row, or `undefined` if the row is gone. Strongly consistent. */
  infoOf(connectionId: string, placement: Placement): Promise<Pick<Subscription, 'info'> | undefined>;
  /** How many rows of a shard were placed when the channel had this many shards; counted no further than `limit`. */
  count(placement: Placement, shardCount: number, limit: number): Promise<number>;
  /**
   * Adds channels to the row of a group, which it makes for the first of them. The row has the rights and the end of `row` then. Additions and
   * removals of others that come at the same time stay.
   *
   * @param limit the row names at most this many channels.
   */
  follow(row: Subscription, channels: readonly string[], limit: number): Promise<Following>;
  /** Removes channels from the row of a group, and leaves the row. */
  unfollow(connectionId: string, placement: Placement, channels: readonly string[]): Promise<void>;
  /** The channels that the row of a group names; empty if there is no row. Strongly consistent. */
  followed(connectionId: string, placement: Placement): Promise<readonly string[]>;
}
