/**
 * Connections of a user without sockets: the rows that `$connect` writes, by its own code. A hundred handshakes take a processor five
 * seconds, and who counts the connections of a user reads only the rows.
 */

import type { Session } from '../../../lambdas/realtime/access/session.ts';
import { forget, open } from '../../../lambdas/realtime/connections/membership.ts';
import { visitInFlight } from '../../../lambdas/realtime/in-flight.ts';
import type { DynamoStores } from '../../contracts/dynamo-stores.ts';
import config from '../../shared-config.ts';

const IN_FLIGHT = 16;

/** So long ago that the handshake is over. */
const HOUR_MS = 60 * 60 * 1000;

/** They come after those of sockets in the order of the table. */
const idOf = (user: string, index: number) => `zzz-${user}-${index}=`;

/** Stores that many connections. @param expiresAt when their token ends. Seconds since 1970. */
export async function storeConnections(
  stores: DynamoStores,
  user: string,
  count: number,
  expiresAt: number,
): Promise<void> {
  const ids = Array.from({ length: count }, (_, index) => idOf(user, index));
  await visitInFlight(ids, IN_FLIGHT, (connectionId) =>
    open(stores, config({ local: true }), sessionOf(connectionId, user, expiresAt)),
  );
}

/** Stores these connections again, as if their tokens had this end. Seconds since 1970. */
export async function moveTokenEnd(
  stores: DynamoStores,
  user: string,
  connectionIds: readonly string[],
  expiresAt: number,
): Promise<void> {
  await visitInFlight(connectionIds, IN_FLIGHT, async (connectionId) => {
    await forget(stores, connectionId);
    await open(stores, config({ local: true }), sessionOf(connectionId, user, expiresAt));
  });
}

function sessionOf(connectionId: string, user: string, expiresAt: number): Session {
  const now = Date.now();
  // A handshake over the limit forgets connections that have no socket, unless they may still be connecting.
  const connectedAt = expiresAt * 1000 > now ? now + HOUR_MS : now - HOUR_MS;
  return { connectionId, user, connectedAt, issuedAt: Math.floor(connectedAt / 1000), expiresAt };
}
