/**
 * Makes a wide channel narrow again after its subscribers have left, while others stay connected.
 *
 * 1. A worker marks the channel: from now on newcomers are placed over fewer shards. Deliveries still read all of them.
 * 2. It asks the clients in the upper shards to move to a new connection. They do it as they do every two hours, and miss nothing. A
 *    client that does not know the request stays until its connection ends.
 * 3. A minute later or more, a worker finds that the upper shards are empty. Then deliveries leave them out.
 *
 * No subscriber is lost, because the two sides write first and read then. A subscriber writes its row, and then reads over how many
 * shards newcomers are placed: if its shard is above, it moves before it is answered. The worker writes the mark, and then reads the
 * shards. So either the worker finds the row, or the subscriber finds the mark. A channel that grows meanwhile loses its mark, and a
 * worker can end only the mark that it has looked at.
 */

import { ALL } from 'fanfare-protocol/channel';
import type { ClosingEvent } from 'fanfare-protocol/events';
import type { Clock } from '../clock.ts';
import { visitInFlight } from '../in-flight.ts';
import { isConnecting } from './expel.ts';
import { forget, type MembershipPorts } from './membership.ts';
import type { Outbound } from './outbound.ts';
import type { ShardStore } from './shard-store.ts';
import type { Placement, Subscription, SubscriptionPage, SubscriptionStore } from './subscription-store.ts';

export interface NarrowingPorts extends MembershipPorts, Pick<Clock, 'now'> {
  readonly shards: ShardStore;
  readonly outbound: Pick<Outbound, 'post'>;
}

/** Clients move within this time. Also the most often that a channel is looked at. Milliseconds. */
const MOVING_MS = 60_000;

/** The clients in the upper shards spread their new connections over this time. Milliseconds. */
const SPREAD_MS = 40_000;

/** Small reads. */
const READS_IN_FLIGHT = 16;

/** Posts are charged to the account's quota, and at most a few thousand are made: a narrow channel has no more clients. */
const POSTS_IN_FLIGHT = 8;

/** A row that has been over for this long belongs to no open connection, nor to a session that may be renewed. Seconds. */
const SURELY_OVER_S = 60 * 60;

/**
 * Takes the next step to `wanted` shards, if there is one now. Call it when a delivery has found fewer subscribers than its shards are
 * for. Repeated and simultaneous calls are harmless, also if one dies at any point.
 *
 * It reads each upper shard once: 1,024 shards are 1,024 read units, as one delivery to them. `@all` stays as wide as it was, because
 * handshakes do not read where newcomers are placed.
 */
export async function narrow(ports: NarrowingPorts, channel: string, wanted: number): Promise<void> {
  if (channel === ALL) return;
  const { shards, now } = ports;
  const spread = await shards.spread(channel);
  const { count, placedOver, narrowing } = spread;
  if (!narrowing) {
    if (wanted >= count) return;
    if (await shards.narrow(channel, spread, wanted)) await moveClients(ports, channel, wanted, count);
    return;
  }
  if (now() < narrowing.since + MOVING_MS) return;
  if (await areEmpty(ports, channel, placedOver, count)) return shards.settle(channel, spread);
  if (await shards.narrow(channel, spread, placedOver)) await moveClients(ports, channel, placedOver, count);
}

async function areEmpty(
  { subscriptions }: { readonly subscriptions: Pick<SubscriptionStore, 'page'> },
  channel: string,
  from: number,
  to: number,
): Promise<boolean> {
  let isEmpty = true;
  await visitInFlight(shardsOf(channel, from, to), READS_IN_FLIGHT, async (placement) => {
    if (!isEmpty) return;
    const page = await subscriptions.page(placement, undefined, 1);
    if (page.subscriptions.length > 0) isEmpty = false;
  });
  return isEmpty;
}

/** Asks the clients of these shards to move, and forgets rows without a connection. */
async function moveClients(ports: NarrowingPorts, channel: string, from: number, to: number): Promise<void> {
  await visitInFlight(shardsOf(channel, from, to), POSTS_IN_FLIGHT, async (placement) => {
    let after: string | undefined;
    do {
      const page: SubscriptionPage = await ports.subscriptions.page(placement, after);
      for (const row of page.subscriptions) await moveClient(ports, row);
      after = page.next;
    } while (after !== undefined);
  });
}

async function moveClient(ports: NarrowingPorts, row: Subscription): Promise<void> {
  const { connectionId, expiresAt, keptUntil = expiresAt } = row;
  const isOver = (keptUntil + SURELY_OVER_S) * 1000 < ports.now();
  const outcome = isOver ? 'gone' : await ports.outbound.post(connectionId, closingFrame());
  if (outcome === 'gone' && !isConnecting(row, ports.now())) await forget(ports, connectionId, row);
}

function closingFrame(): Uint8Array {
  const reconnectAfter = Math.round(Math.random() * SPREAD_MS);
  const event: ClosingEvent = { event: 'closing', reason: 'lifetime', reconnectAfter };
  return new TextEncoder().encode(JSON.stringify(event));
}

function shardsOf(channel: string, from: number, to: number): readonly Placement[] {
  return Array.from({ length: to - from }, (_, index) => ({ channel, shard: from + index }));
}
