/** Delivery of one frame to every subscriber of a channel: the platform asks for one call per connection (OR-8). */

import { visitInFlight } from './in-flight.ts';
import { forget } from './membership.ts';
import type { Ports, Subscription } from './ports.ts';

export type FanOutPorts = Pick<Ports, 'connections' | 'subscriptions' | 'outbound' | 'log' | 'now'>;

/** Enough to hide the latency of a post, few enough for one function's sockets. */
export const POSTS_IN_FLIGHT = 64;

/** Posts the frame to all subscribers. A dead peer is forgotten, a failing one is logged; neither stops the rest. */
export async function fanOut(
  ports: FanOutPorts,
  subscribers: AsyncIterable<Subscription>,
  frame: Uint8Array,
): Promise<void> {
  await visitInFlight(subscribers, POSTS_IN_FLIGHT, (subscription) => deliver(ports, subscription, frame));
}

async function deliver(ports: FanOutPorts, subscription: Subscription, frame: Uint8Array): Promise<void> {
  const { channel, connectionId } = subscription;
  try {
    const outcome = await ports.outbound.post(connectionId, frame);
    if (outcome === 'sent' || isConnecting(subscription, ports.now())) return;
    await forget(ports, connectionId, [channel]);
  } catch (error) {
    ports.log.warn('A subscriber could not be reached', { channel, connectionId, reason: nameOf(error) });
  }
}

/** A 410 during the handshake says "not yet" (HS-15): to prune then would lose a connection about to live. */
function isConnecting({ handshakeUntil = 0 }: Subscription, now: number): boolean {
  return now < handshakeUntil;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
