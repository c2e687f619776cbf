/** The subscribers of a channel. Those of a small channel are read at once; a wide channel is left to workers. */

import { isExpired } from '../access/session.ts';
import type { Clock } from '../clock.ts';
import type { ShardStore } from '../connections/shard-store.ts';
import type { Subscription, SubscriptionPage, SubscriptionStore } from '../connections/subscription-store.ts';
import type { Broadcast } from './delivery-task.ts';

interface PagePorts {
  readonly subscriptions: SubscriptionStore;
}

export interface AudiencePorts extends PagePorts {
  readonly shards: ShardStore;
}

export interface Audience {
  readonly channel: string;
  /** Over how many shards it is spread. */
  readonly shardCount: number;
  /** The first page of the only shard, while it is read; `undefined` if the channel has several shards. */
  readonly first: Promise<SubscriptionPage> | undefined;
}

/** The audience of a channel whose number of shards was just read. */
export function audienceOf({ subscriptions }: PagePorts, channel: string, shardCount: number): Audience {
  if (shardCount > 1) return { channel, shardCount, first: undefined };
  const first = subscriptions.page({ channel, shard: 0 });
  // The caller may fail before it awaits the page. Without a handler, a failed read would then end the process.
  first.catch(() => {});
  return { channel, shardCount, first };
}

/**
 * The audience of a channel as it is now. The first page and the number of shards are read at the same time. A
 * connection that subscribed before the call is in the page, or in a shard that the count includes.
 */
export async function audienceNow(ports: AudiencePorts, channel: string): Promise<Audience> {
  const small = audienceOf(ports, channel, 1);
  const shardCount = await ports.shards.count(channel);
  return shardCount > 1 ? { channel, shardCount, first: undefined } : small;
}

/** Selects the subscribers that a broadcast is for. Every delivery uses this. */
export function addressees(
  subscriptions: readonly Subscription[],
  to: Broadcast['to'],
): readonly Subscription[] {
  const hearing = subscriptions.filter(({ isDeaf }) => !isDeaf);
  return to === 'everyone' ? hearing : hearing.filter(({ seesMembers }) => seesMembers);
}

/** How many connections are subscribed to a channel. */
export async function connectionsIn(
  ports: AudiencePorts & Pick<Clock, 'now'>,
  channel: string,
): Promise<number> {
  let count = 0;
  for await (const _ of subscribersOf(ports, channel)) count += 1;
  return count;
}

/** Every live subscription of a channel, shard by shard and page by page. */
export async function* subscribersOf(
  { subscriptions, shards, now }: AudiencePorts & Pick<Clock, 'now'>,
  channel: string,
): AsyncGenerator<Subscription> {
  const shardCount = await shards.count(channel);
  for (let shard = 0; shard < shardCount; shard++) {
    let after: string | undefined;
    do {
      const page: SubscriptionPage = await subscriptions.page({ channel, shard }, after);
      yield* page.subscriptions.filter((subscription) => !isExpired(subscription, now()));
      after = page.next;
    } while (after !== undefined);
  }
}
