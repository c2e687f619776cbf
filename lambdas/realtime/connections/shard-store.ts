/** How many shards each channel has: one at first, and never fewer than before. Each method is one request. */

export interface ShardStore {
  /** Strongly consistent. */
  count(channel: string): Promise<number>;
  /** The same, but perhaps a few seconds old. That is good enough to choose a shard, but not to find all subscribers. */
  recentCount(channel: string): Promise<number>;
  /** Raises the count, unless another writer has changed it since `from` was read. */
  grow(channel: string, from: number, to: number): Promise<void>;
}
