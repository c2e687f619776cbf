/**
 * Over how many shards a channel's subscriptions are spread, and which one a connection's goes to: a pure policy.
 *
 * A shard is a partition key. One takes about 1,000 writes a second and is read in sequence, so a wide channel needs many;
 * a small one is read with a single query because it has one. Rows never move: connections that subscribe after the count has grown
 * are spread over the new count, and the others follow when they reconnect, within two hours (KA-6).
 */

/** Rows that a shard should hold: one page, one worker's few hundred milliseconds. */
export const SHARD_TARGET = 1_000;

/** A million subscribers at a thousand each. */
const MOST_SHARDS = 1_024;

/** One newcomer in this many checks the size of its shard: rare enough to be cheap, often enough to be in time. */
const SAMPLED_EVERY = 64;

/** The shard of a connection's subscription. */
export function shardFor(connectionId: string, shardCount: number): number {
  return hashOf(connectionId) % shardCount;
}

/** True for one connection in many, independently of its shard. */
export function isSampled(connectionId: string): boolean {
  return Math.floor(hashOf(connectionId) / MOST_SHARDS) % SAMPLED_EVERY === 0;
}

/**
 * How many shards a channel should have, seen from one of them.
 *
 * @param count rows of the shard that were placed when there were `shardCount` shards. Older rows do not count: they were
 *   crowded before, and more shards do not move them.
 */
export function grownTo(shardCount: number, count: number): number {
  if (count <= SHARD_TARGET) return shardCount;
  const factor = 2 ** Math.ceil(Math.log2(count / SHARD_TARGET));
  return Math.min(MOST_SHARDS, shardCount * factor);
}

/** FNV-1a, 32 bits: spreads the gateway's random ids evenly. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
