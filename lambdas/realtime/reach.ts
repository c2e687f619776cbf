/** Reaching recipients: posts to them, forgets the dead, and never leaves one behind in silence. */

import { stragglersOf } from './delivery-plan.ts';
import type { Broadcast, Recipient } from './delivery-task.ts';
import { visitInFlight } from './in-flight.ts';
import { forget } from './membership.ts';
import type { Ports } from './ports.ts';
import { type PostLimits, postAll } from './post-all.ts';

export type ReachPorts = Pick<
  Ports,
  'connections' | 'subscriptions' | 'deliveries' | 'outbound' | 'log' | 'now' | 'pause'
>;

/** Two or three requests each, so few of them at once. */
const FORGOTTEN_IN_FLIGHT = 16;

/** Posts the frame to all recipients and answers those who could not be reached. */
export async function reach(
  ports: ReachPorts,
  channel: string,
  recipients: readonly Recipient[],
  frame: Uint8Array,
  limits: PostLimits,
): Promise<readonly Recipient[]> {
  const { gone, expired, unreached } = await postAll(ports, recipients, frame, limits);
  const dead = gone.filter((recipient) => !isConnecting(recipient, ports.now()));
  await forgetAll(ports, channel, dead);
  await expel(ports, channel, expired);
  if (unreached.length > 0) {
    ports.log.warn('Some could not be reached yet', { channel, unreached: unreached.length });
  }
  return unreached;
}

/** A broadcast does not fail because of it: the next one finds the same 410, or the same expired row. */
async function forgetAll(
  ports: ReachPorts,
  channel: string,
  recipients: readonly Recipient[],
): Promise<void> {
  await visitInFlight(recipients, FORGOTTEN_IN_FLIGHT, async ({ connectionId, shard }) => {
    await forget(ports, connectionId, { channel, shard }).catch((error) => {
      ports.log.warn('A dead connection could not be forgotten', fieldsOf(channel, connectionId, error));
    });
  });
}

/**
 * Closes connections whose token has ended, at the first message that they may not have any more: so that they come back with
 * a new one and resume, instead of hearing nothing and not knowing why.
 */
async function expel(ports: ReachPorts, channel: string, recipients: readonly Recipient[]): Promise<void> {
  await visitInFlight(recipients, FORGOTTEN_IN_FLIGHT, async (recipient) => {
    const { connectionId, shard } = recipient;
    try {
      const outcome = await ports.outbound.disconnect(connectionId);
      // Whoever could not be closed, or not yet, is kept, to be found by the next message.
      if (outcome === 'closed' || !isConnecting(recipient, ports.now()))
        await forget(ports, connectionId, { channel, shard });
    } catch (error) {
      ports.log.warn('An expired connection could not be closed', fieldsOf(channel, connectionId, error));
    }
  });
}

/** Has a worker try the recipients again, a while from now; if none can be started, they are let go. */
export async function handOver(
  ports: ReachPorts,
  broadcast: Broadcast,
  recipients: readonly Recipient[],
  attempt: number,
): Promise<void> {
  for (const task of stragglersOf(broadcast, recipients, attempt)) {
    await ports.deliveries.start(task).catch(() => letGo(ports, broadcast.channel, task.recipients));
  }
}

/**
 * Disconnects those who cannot be reached, so that they come back and resume from their position.
 *
 * @throws Error when some could not be disconnected; to try all of them again is harmless.
 */
export async function letGo(
  { outbound, log }: Pick<ReachPorts, 'outbound' | 'log'>,
  channel: string,
  recipients: readonly Recipient[],
): Promise<void> {
  let failed = 0;
  await visitInFlight(recipients, FORGOTTEN_IN_FLIGHT, async ({ connectionId }) => {
    await outbound.disconnect(connectionId).catch((error) => {
      failed += 1;
      log.warn('A connection could not be closed', fieldsOf(channel, connectionId, error));
    });
  });
  if (failed > 0) throw new Error(`${failed} connections could not be closed`);
}

/** A 410 during the handshake says "not yet" (HS-15): to prune then would lose a connection about to live. */
function isConnecting({ handshakeUntil = 0 }: Recipient, now: number): boolean {
  return now < handshakeUntil;
}

function fieldsOf(channel: string, connectionId: string, error: unknown) {
  return { channel, connectionId, reason: error instanceof Error ? error.name : 'unknown' };
}
