/** The index of the connections that the sweep closes, in memory: one lane. */

import type { Connection } from '../../lambdas/realtime/connections/connection-store.ts';
import type { ExpiryCursor, ExpiryStore } from '../../lambdas/realtime/connections/expiry.ts';

/** Small, so that a test needs few connections for a second page. */
const PAGE_SIZE = 10;

const START: ExpiryCursor = { closesAt: Number.NEGATIVE_INFINITY, connectionId: '' };

export function memoryExpiry(
  connections: ReadonlyMap<string, { readonly connection: Connection }>,
): ExpiryStore {
  return {
    lanes: 1,

    async expired(_lane, now, after = START) {
      const due = [...connections.values()]
        .flatMap(({ connection: { connectionId, closesAt, handshakeUntil } }) =>
          closesAt === undefined || closesAt > now
            ? []
            : [{ connectionId, closesAt, ...(handshakeUntil !== undefined && { handshakeUntil }) }],
        )
        .toSorted(inOrder)
        .filter((connection) => inOrder(connection, after) > 0);
      const page = due.slice(0, PAGE_SIZE);
      const last = due.length > PAGE_SIZE ? page.at(-1) : undefined;
      return {
        connections: page.map(({ closesAt: _, ...connection }) => connection),
        ...(last && { next: { connectionId: last.connectionId, closesAt: last.closesAt } }),
      };
    },
  };
}

function inOrder(one: ExpiryCursor, other: ExpiryCursor): number {
  return (
    one.closesAt - other.closesAt ||
    (one.connectionId < other.connectionId ? -1 : +(one.connectionId > other.connectionId))
  );
}
