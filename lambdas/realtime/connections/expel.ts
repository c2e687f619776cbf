/** Closing and forgetting connections whose token has ended, as they are found in a channel. */

import type { Recipient } from '../delivery/delivery-task.ts';
import type { Outbound, Ports } from '../ports.ts';
import { closeEach } from './close-each.ts';
import { forget, type MembershipPorts } from './membership.ts';

export type ExpelPorts = MembershipPorts &
  Pick<Ports, 'log' | 'now'> & { readonly outbound: Pick<Outbound, 'disconnect'> };

/**
 * Closes the connections, so that their clients come back with a new token and resume, instead of hearing nothing and not knowing
 * why. One that cannot be closed, or not yet, is kept: the next message, handshake or sweep finds it again.
 *
 * @returns how many are closed and forgotten.
 */
export async function expel(
  ports: ExpelPorts,
  channel: string,
  recipients: readonly Recipient[],
): Promise<number> {
  let expelled = 0;
  await closeEach(ports, channel, recipients, async (recipient, outcome) => {
    const { connectionId, shard } = recipient;
    if (outcome === 'gone' && isConnecting(recipient, ports.now())) return;
    await forget(ports, connectionId, { channel, shard });
    expelled += 1;
  });
  return expelled;
}

/** A 410 during the handshake says "not yet" (HS-15): to prune then would lose a connection about to live. */
export function isConnecting(
  { handshakeUntil = 0 }: Pick<Recipient, 'handshakeUntil'>,
  now: number,
): boolean {
  return now < handshakeUntil;
}
