/** The subscribers of a channel, each in the shard that the real policy chose. They are numbers in typed arrays, not objects. */

import { grownTo, isSampled, shardFor } from '../../lambdas/realtime/connections/sharding.ts';

export interface Crowd {
  readonly size: number;
  /** Over how many shards the channel is spread. */
  readonly shardCount: number;
  /** The members of a shard, by number. */
  membersOf(shard: number): Uint32Array;
}

export interface Arrival {
  /** How many subscribe per second. */
  readonly perSecond: number;
  /** How old the number of shards may be that a newcomer is placed by (`dynamo-shards.ts`). Seconds. */
  readonly knownForSeconds: number;
}

/** A member's connection id, of the gateway's length, and as evenly spread as its random ones. */
export function connectionIdOf(member: number): string {
  const scattered = Math.imul(member ^ (member >>> 15) ^ 0x5bd1e995, 0x2c1b3c6d) >>> 0;
  return `${scattered.toString(36).padStart(7, '0')}${member.toString(36).padStart(6, '0')}Cg=`;
}

export function memberOf(connectionId: string): number {
  return Number.parseInt(connectionId.slice(7, 13), 36);
}

/** A crowd that came a while ago: every subscriber has reconnected since, so they are spread over all shards. */
export function settledCrowd(size: number, arrival: Arrival, random: () => number): Crowd {
  const { shardCount } = arrivingCrowd(size, arrival, random);
  const shards = new Uint16Array(size);
  for (let member = 0; member < size; member++) shards[member] = shardFor(connectionIdOf(member), shardCount);
  return crowdIn(shards, shardCount);
}

/** A crowd that has just come: early subscribers are in the first shards, because there were few shards when they came. */
export function arrivingCrowd(
  size: number,
  { perSecond, knownForSeconds }: Arrival,
  random: () => number,
): Crowd {
  const shards = new Uint16Array(size);
  const growth = [{ from: 0, shardCount: 1 }];
  const rows = new Map<number, Uint32Array>();
  for (let member = 0; member < size; member++) {
    const id = connectionIdOf(member);
    const seenAt = member - Math.floor(random() * knownForSeconds * perSecond);
    const seen = growth.findLast(({ from }) => from <= Math.max(0, seenAt))?.shardCount ?? 1;
    const shard = shardFor(id, seen);
    shards[member] = shard;
    const counts = rows.get(seen) ?? new Uint32Array(seen);
    rows.set(seen, counts);
    const count = (counts[shard] ?? 0) + 1;
    counts[shard] = count;
    // The shard store grows only from the number that is true now.
    const wanted = isSampled(id) && growth.at(-1)?.shardCount === seen ? grownTo(seen, count) : seen;
    if (wanted > seen) growth.push({ from: member + 1, shardCount: wanted });
  }
  return crowdIn(shards, growth.at(-1)?.shardCount ?? 1);
}

/** Members sorted by shard, and where each shard begins. */
function crowdIn(shards: Uint16Array, shardCount: number): Crowd {
  const begins = new Uint32Array(shardCount + 1);
  for (const shard of shards) begins[shard + 1] = (begins[shard + 1] ?? 0) + 1;
  for (let shard = 0; shard < shardCount; shard++)
    begins[shard + 1] = (begins[shard + 1] ?? 0) + (begins[shard] ?? 0);
  const filled = begins.slice();
  const members = new Uint32Array(shards.length);
  for (const [member, shard] of shards.entries()) {
    const place = filled[shard] ?? 0;
    members[place] = member;
    filled[shard] = place + 1;
  }
  return {
    size: shards.length,
    shardCount,
    membersOf: (shard) => members.subarray(begins[shard], begins[shard + 1]),
  };
}
