/** What a subscription needs after its row was written: a shard that deliveries will read, and shards enough for the newcomers after it. */

import type { ConnectionStore } from './connection-store.ts';
import type { ShardStore } from './shard-store.ts';
import { grownTo, isSampled, SHARD_TARGET, shardFor } from './sharding.ts';
import type { Placement, Subscription, SubscriptionStore } from './subscription-store.ts';

export interface SettlingPorts {
  readonly connections: Pick<ConnectionStore, 'moveChannel'>;
  readonly subscriptions: SubscriptionStore;
  readonly shards: ShardStore;
}

/** @returns where the subscription is now. */
export async function settle(ports: SettlingPorts, subscription: Subscription): Promise<Placement> {
  const { channel, shard, connectionId, shardCount } = subscription;
  const placement = { channel, shard: await leaveUpperShards(ports, subscription) };
  await growIfFull(ports, connectionId, { channel, shard }, shardCount);
  return placement;
}

/**
 * Moves a subscription that was just written to a shard above those over which newcomers are placed: the channel is becoming narrower, and
 * the shard may have been found empty before (`narrowing.ts`). One read in a wide channel; none in the first shard.
 *
 * The row in the new shard is written first, so that no delivery of a later number misses both. If the function dies, the connection
 * still names the old shard, and the same steps repair it when the client subscribes again.
 */
async function leaveUpperShards(ports: SettlingPorts, subscription: Subscription): Promise<number> {
  const { connectionId, channel } = subscription;
  let { shard } = subscription;
  while (shard > 0) {
    const shardCount = await ports.shards.placedOver(channel);
    if (shard < shardCount) return shard;
    const better = shardFor(connectionId, shardCount);
    await ports.subscriptions.put({ ...subscription, shard: better, shardCount });
    await ports.subscriptions.remove(connectionId, [{ channel, shard }]);
    await ports.connections.moveChannel(connectionId, channel, shard, better);
    shard = better;
  }
  return shard;
}

/** One newcomer in 64 checks whether its shard has become too large, and adds shards for later subscribers. */
export async function growIfFull(
  { subscriptions, shards }: Pick<SettlingPorts, 'subscriptions' | 'shards'>,
  connectionId: string,
  { channel, shard }: Placement,
  shardCount: number,
): Promise<void> {
  if (!isSampled(connectionId)) return;
  const count = await subscriptions.count({ channel, shard }, shardCount, COUNTED_UP_TO);
  const wanted = grownTo(shardCount, count);
  if (wanted > shardCount) await shards.grow(channel, shardCount, wanted);
}

/** Enough rows to compute the number of shards after a storm of newcomers, and still a bounded read. */
const COUNTED_UP_TO = 8 * SHARD_TARGET;
