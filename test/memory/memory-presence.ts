/** Presence in memory, with DynamoDB's semantics. The same contract tests both. */

import type { Presence } from '../../lambdas/realtime/presence/presence-state.ts';
import type { MemberKey, PresenceStore } from '../../lambdas/realtime/presence/presence-store.ts';

/** Small, so that a test needs few users for a second page. */
const PAGE_SIZE = 100;

export function memoryPresence(): PresenceStore {
  const rows = new Map<string, MemberKey & Presence>();
  const keyOf = ({ channel, user }: MemberKey) => JSON.stringify([channel, user]);

  return {
    async read(place) {
      const row = rows.get(keyOf(place));
      if (!row) return undefined;
      const { channel: _, user: __, ...presence } = row;
      return presence;
    },
    async write({ channel, user }, presence) {
      const stored = rows.get(keyOf({ channel, user }));
      if ((stored?.revision ?? 0) !== presence.revision - 1) return false;
      const { announced, reported } = stored ?? { announced: 0, reported: 0 };
      rows.set(keyOf({ channel, user }), { channel, user, ...presence, announced, reported });
      return true;
    },
    async announced(place, version, isReported) {
      const stored = rows.get(keyOf(place));
      if (!stored) return;
      const { announced, reported } = stored;
      if (announced > version || (announced === version && (!isReported || reported >= version))) return;
      rows.set(keyOf(place), {
        ...stored,
        announced: version,
        reported: isReported ? version : reported,
      });
    },
    async page(channel, after = '') {
      const rest = [...rows.values()]
        .filter((row) => row.channel === channel && compare(row.user, after) > 0)
        .toSorted((one, other) => compare(one.user, other.user));
      const looked = rest.slice(0, PAGE_SIZE);
      const next = rest.length > PAGE_SIZE ? looked.at(-1)?.user : undefined;
      return {
        rows: looked.filter(
          ({ state, version, announced, reported }) =>
            state !== 'gone' || version > Math.min(announced, reported),
        ),
        ...(next !== undefined && { next }),
      };
    },
  };
}

/** In the order of their bytes, as DynamoDB has them. */
function compare(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
