/**
 * Over how many shards a channel's subscriptions are spread, and which one a connection's goes to: a pure policy.
 *
 * A shard is a partition key. One takes about 1,000 writes a second and is read in sequence, so a wide channel needs many;
 * a small one is read with a single query because it has one. Rows stay where they are: connections that subscribe after a change of the
 * count are spread over the new count, and the others follow when they reconnect, within two hours (KA-6).
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

/**
 * The size of a wide channel as clients are told it: it has about 500 times two to the power of this many subscribers. Clients whose
 * numbers have the same gap spread their requests over as many milliseconds. `undefined` for a channel with one shard.
 */
export function channelSizeOf(shardCount: number): number | undefined {
  return shardCount > 1 ? Math.ceil(Math.log2((shardCount * SHARD_TARGET) / 500)) : undefined;
}

/** A channel is narrowed to shards that are at most half full then, so that a few newcomers do not widen it again. */
const NARROWED_FILL = 0.5;

/**
 * How many shards are enough for a channel that has become narrow: a power of two.
 *
 * @param subscribers an estimate, better too high.
 */
export function narrowedTo(shardCount: number, subscribers: number): number {
  let wanted = 1;
  while (wanted < shardCount && subscribers > wanted * NARROWED_FILL * SHARD_TARGET) wanted *= 2;
  return Math.min(wanted, shardCount);
}

/** FNV-1a, 32 bits: spreads the gateway's random ids evenly. Also the groups of channels depend on it, so it never changes (`grouping.ts`). */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
