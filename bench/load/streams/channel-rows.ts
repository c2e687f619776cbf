/** The subscriptions of many channels in memory, quick for wide channels. Newcomers are placed by the deployed policy. */

import type { ConnectionStore } from '../../../lambdas/realtime/connections/connection-store.ts';
import type { ShardStore } from '../../../lambdas/realtime/connections/shard-store.ts';
import { grownTo, isSampled, shardFor } from '../../../lambdas/realtime/connections/sharding.ts';
import type {
  Placement,
  Subscription,
  SubscriptionStore,
} from '../../../lambdas/realtime/connections/subscription-store.ts';
import { BATCH_SIZE } from '../../../lambdas/realtime/delivery/delivery-plan.ts';
import type { Lane } from '../../../lambdas/realtime/delivery/delivery-task.ts';

const EXPIRES_AT = Date.UTC(2027, 0, 1) / 1000;

export class ChannelRows {
  private readonly shards: ShardStore;
  /** The rows of each shard in the order in which they came. */
  private readonly rows = new Map<string, Subscription[]>();

  constructor(shards: ShardStore) {
    this.shards = shards;
  }

  /** Subscribes a connection of a user who counts as present and sees others. */
  async subscribe(channel: string, connectionId: string, user: string): Promise<Placement> {
    const shardCount = await this.shards.placedOver(channel);
    const shard = shardFor(connectionId, shardCount);
    const placement = { channel, shard };
    const row = { ...placement, shardCount, connectionId, user, expiresAt: EXPIRES_AT };
    const rows = this.of(placement);
    rows.push({ ...row, isMember: true, seesMembers: true, takesDiffs: true });
    if (!isSampled(connectionId)) return placement;
    const wanted = grownTo(shardCount, rows.filter((one) => one.shardCount === shardCount).length);
    if (wanted > shardCount) await this.shards.grow(channel, shardCount, wanted);
    return placement;
  }

  unsubscribe(connectionId: string, placement: Placement): void {
    const rows = this.of(placement);
    const at = rows.findIndex((row) => row.connectionId === connectionId);
    if (at >= 0) rows.splice(at, 1);
  }

  /** How many subscribers a lane reaches now. */
  reachedBy({ broadcast: { channel }, from, step, shardCount }: Lane): number {
    let reached = 0;
    for (let shard = from.shard; shard < shardCount; shard += step)
      reached += this.of({ channel, shard }).length;
    return reached;
  }

  /** The store that the deployed code reads. The cursor is a place, which is right while a channel of several pages only grows. */
  readonly store: Pick<SubscriptionStore, 'page' | 'attendance' | 'infoOf'> = {
    page: async (placement, after = '0', most = BATCH_SIZE) => {
      const from = Number(after);
      const to = from + Math.min(most, BATCH_SIZE);
      const rows = this.of(placement);
      return { subscriptions: rows.slice(from, to), ...(rows.length > to && { next: String(to) }) };
    },
    attendance: async (connectionId, placement) => {
      const row = this.of(placement).find((one) => one.connectionId === connectionId);
      return row && { expiresAt: row.expiresAt };
    },
    infoOf: async () => ({}),
  };

  /** What the item of a connection says, which is a list of its channels. */
  readonly places: Pick<ConnectionStore, 'shardOf'> = {
    shardOf: async (connectionId, channel) => {
      const shardCount = await this.shards.placedOver(channel);
      for (let shard = 0; shard < shardCount; shard++)
        if (this.of({ channel, shard }).some((row) => row.connectionId === connectionId)) return shard;
      return undefined;
    },
  };

  private of({ channel, shard }: Placement): Subscription[] {
    const key = `${channel}/${shard}`;
    const found = this.rows.get(key) ?? [];
    this.rows.set(key, found);
    return found;
  }
}
