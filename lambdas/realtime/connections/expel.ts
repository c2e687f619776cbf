/** Closes and forgets connections whose token has ended, when a delivery finds them in a channel. */

import type { Clock } from '../clock.ts';
import type { Logging } from '../structured-log.ts';
import { closeEach } from './close-each.ts';
import { forget, type MembershipPorts } from './membership.ts';
import type { Closer } from './outbound.ts';

export interface ExpelPorts extends MembershipPorts, Logging, Pick<Clock, 'now'> {
  readonly outbound: Closer;
}

/** A connection, and the shard of the channel in which it was found. */
export interface Found {
  readonly connectionId: string;
  readonly shard: number;
  /** Milliseconds since 1970. Before this moment, a 410 may only mean that the handshake is not over (HS-15). */
  readonly handshakeUntil?: number | undefined;
}

/**
 * Closes the connections, so that their clients come back with a new token and resume, instead of staying silent without a
 * reason. One that cannot be closed, or not yet, is kept: the next message, handshake or sweep finds it again.
 *
 * @returns how many are closed and forgotten.
 */
export async function expel(ports: ExpelPorts, channel: string, found: readonly Found[]): Promise<number> {
  let expelled = 0;
  await closeEach(ports, channel, found, async (one, outcome) => {
    const { connectionId, shard } = one;
    if (outcome === 'gone' && isConnecting(one, ports.now())) return;
    await forget(ports, connectionId, { channel, shard });
    expelled += 1;
  });
  return expelled;
}

/** A 410 during the handshake says "not yet" (HS-15): to prune then would lose a connection about to live. */
export function isConnecting({ handshakeUntil = 0 }: Pick<Found, 'handshakeUntil'>, now: number): boolean {
  return now < handshakeUntil;
}
