/** The directory in memory, which reads the items of the other stores. */

import { ProtocolError } from 'fanfare-protocol/errors';
import type { Directory, StoredConnection } from '../../lambdas/operations/directory.ts';
import type { Connection } from '../../lambdas/realtime/connections/connection-store.ts';
import { isGroup } from '../../lambdas/realtime/connections/grouping.ts';
import type { MemoryOccupancy } from './memory-occupancy.ts';

/** By channel. */
export type MemoryHeads = ReadonlyMap<string, { readonly seq: number }>;

interface Kept {
  readonly connections: ReadonlyMap<
    string,
    { readonly connection: Connection; readonly channels: ReadonlyMap<string, number> }
  >;
  readonly followed: ReadonlyMap<string, ReadonlySet<string>>;
  readonly shards: ReadonlyMap<string, number>;
  readonly heads: MemoryHeads;
  readonly occupancy: Pick<MemoryOccupancy, 'occupied'>;
}

const PAGE_SIZE = 100;
const CURSOR = 'after ';

export function memoryDirectory({ connections, followed, shards, heads, occupancy }: Kept): Directory {
  const stored = (id: string): StoredConnection | undefined => {
    const found = connections.get(id);
    if (!found) return undefined;
    const { connectionId, user, expiresAt } = found.connection;
    return {
      connectionId,
      ...(user !== undefined && { user }),
      channels: [...found.channels.keys()].filter((name) => !isGroup(name)),
      expiresAt,
    };
  };
  return {
    connection: async (connectionId) => stored(connectionId),
    grouped: async (connectionId) =>
      [...(connections.get(connectionId)?.channels ?? [])]
        .filter(([name]) => isGroup(name))
        .flatMap(([channel, shard]) => [
          ...(followed.get(JSON.stringify([channel, shard, connectionId])) ?? []),
        ])
        .toSorted(),
    async connections(cursor) {
      const { keys, ...next } = page(connections.keys(), cursor);
      return { connections: keys.flatMap((key) => stored(key) ?? []), ...next };
    },
    async channels(cursor) {
      const { keys, ...next } = page(
        new Set(
          [...shards.keys(), ...heads.keys(), ...occupancy.occupied()].filter((name) => !isGroup(name)),
        ),
        cursor,
      );
      return { heads: keys.map((channel) => ({ channel, ...seqOf(heads.get(channel)) })), ...next };
    },
  };
}

function seqOf(head: { readonly seq: number } | undefined): { readonly seq?: number } {
  return head ? { seq: head.seq } : {};
}

function page(all: Iterable<string>, cursor: string | undefined) {
  if (cursor !== undefined && !cursor.startsWith(CURSOR))
    throw new ProtocolError('bad-request', 'This is not the cursor of a page.');
  const after = cursor?.slice(CURSOR.length) ?? '';
  const rest = [...all].filter((key) => key > after).toSorted();
  const keys = rest.slice(0, PAGE_SIZE);
  const last = rest.length > PAGE_SIZE ? keys.at(-1) : undefined;
  return { keys, ...(last !== undefined && { next: `${CURSOR}${last}` }) };
}
