/**
 * How many shards each channel has. Each method is one request.
 *
 * A channel has two counts: its subscriptions are read from the first `count` shards, and newcomers are placed over the first
 * `placedOver` shards. They differ only while the channel becomes narrower (`narrowing.ts`).
 */

/** The counts of a channel. */
export interface Spread {
  readonly count: number;
  readonly placedOver: number;
  /** While the channel becomes narrower. */
  readonly narrowing?: Narrowing;
}

export interface Narrowing {
  /** Unique: a worker may end only the narrowing that it has looked at. */
  readonly mark: string;
  /** When it was marked. Milliseconds since 1970. */
  readonly since: number;
}

export interface ShardStore {
  /** The shards from which subscriptions are read. Strongly consistent. */
  count(channel: string): Promise<number>;
  /**
   * The shards over which newcomers are placed, but perhaps a few seconds old. That is good enough to choose a shard if `placedOver` is
   * asked afterwards, but not to find all subscribers.
   */
  recentCount(channel: string): Promise<number>;
  /** The shards over which newcomers are placed. Strongly consistent. */
  placedOver(channel: string): Promise<number>;
  /** Strongly consistent. */
  spread(channel: string): Promise<Spread>;
  /**
   * Places newcomers over `to` shards, unless another writer has changed `from`. If the channel is becoming narrower, this ends, and
   * newcomers are placed over all its shards again.
   */
  grow(channel: string, from: number, to: number): Promise<void>;
  /** Places newcomers over the first `to` shards under a new mark, unless another writer has changed the channel. */
  narrow(channel: string, known: Spread, to: number): Promise<boolean>;
  /** Has subscriptions read only from the shards over which newcomers are placed, if the mark is still the one of `known`. */
  settle(channel: string, known: Spread): Promise<void>;
}
