/** Reads the subscribers of one batch of a lane. */

import { pageOf } from '../connections/grouping.ts';
import type { Subscription, SubscriptionStore } from '../connections/subscription-store.ts';
import { addressees } from './audience.ts';
import { BATCH_SIZE } from './delivery-plan.ts';
import { type Cursor, type Lane, rowsOf } from './delivery-task.ts';

export interface Batch {
  readonly subscriptions: readonly Subscription[];
  /** The rows that were read, also of subscribers whom the broadcast is not for. */
  readonly looked: number;
  /** Where the lane goes on; it ends here without. */
  readonly next?: Cursor;
}

/** An invocation reads at most this many rows, also when few of the subscribers are observers. */
const LOOKED_AT = 10 * BATCH_SIZE;

/** Reads pages from the lane's cursor on, until the batch is full or the lane ends. Most shards hold less than a batch. */
export async function readBatch(
  { subscriptions }: { readonly subscriptions: Pick<SubscriptionStore, 'page'> },
  lane: Lane,
): Promise<Batch> {
  const { from, shardCount, step, broadcast } = lane;
  const batch: Subscription[] = [];
  let looked = 0;
  let place: Cursor = from;
  while (place.shard < shardCount) {
    if (batch.length >= BATCH_SIZE || looked >= LOOKED_AT)
      return { subscriptions: batch, looked, next: place };
    const { shard, after } = place;
    const page = await pageOf(subscriptions, rowsOf(broadcast), shard, after);
    batch.push(...addressees(page.subscriptions, broadcast.to));
    looked += page.looked ?? page.subscriptions.length;
    place = page.next === undefined ? { shard: shard + step } : { shard, after: page.next };
  }
  return { subscriptions: batch, looked };
}
