/** Presence in memory, with DynamoDB's semantics. The same contract tests both. */

import type { Presence } from '../../lambdas/realtime/presence/presence-state.ts';
import type {
  DueList,
  DueUser,
  MemberKey,
  PresenceStore,
  Shift,
  ShiftStore,
  WindowStore,
} from '../../lambdas/realtime/presence/presence-store.ts';

/** Small, so that a test needs few users for a second page. */
const PAGE_SIZE = 100;

export function memoryPresence(): { readonly presence: PresenceStore; readonly dueList: DueList } {
  const rows = new Map<string, MemberKey & Presence>();
  const keyOf = ({ channel, user }: MemberKey) => JSON.stringify([channel, user]);

  const dueUsers = (): readonly DueUser[] =>
    [...rows.values()]
      .filter(({ until }) => until > 0)
      .map(({ channel, user, until }) => ({ channel, user, until }))
      .toSorted((one, other) => one.until - other.until);

  const presence: PresenceStore = {
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
      if (isReported && version !== stored.version) return;
      if (announced > version || (announced === version && (!isReported || reported >= version))) return;
      rows.set(keyOf(place), {
        ...stored,
        announced: version,
        reported: isReported ? version : reported,
        until: isReported ? 0 : stored.until,
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
  const dueList: DueList = {
    async due(now) {
      return dueUsers().filter(({ until }) => until <= now);
    },
    async next() {
      return dueUsers()[0]?.until;
    },
  };
  return { presence, dueList };
}

/** Of a channel that was never fitted. Milliseconds. */
const FIRST_WINDOW_MS = 100;

export function memoryWindows(): WindowStore {
  const windows = new Map<string, { readonly closedUntil: number; readonly lengthMs: number }>();
  return {
    async close(channel, { now, openBefore }) {
      const { closedUntil, lengthMs } = windows.get(channel) ?? { closedUntil: 0, lengthMs: FIRST_WINDOW_MS };
      if (closedUntil > openBefore) return { isMine: false, closedUntil };
      windows.set(channel, { closedUntil: now + lengthMs, lengthMs });
      return { isMine: true, closedUntil: now + lengthMs };
    },
    async fit(channel, closedAt, lengthMs) {
      windows.set(channel, { closedUntil: closedAt + lengthMs, lengthMs });
    },
  };
}

export function memoryShifts(): ShiftStore {
  let shift: Shift = { worker: '', until: 0, notes: 0 };
  return {
    async note() {
      shift = { ...shift, notes: shift.notes + 1 };
      return shift;
    },
    async take(worker, { now, until }) {
      if (shift.worker !== worker && shift.until > now) return undefined;
      shift = { ...shift, worker, until };
      return shift;
    },
    async end(worker, notes) {
      if (shift.worker !== worker || shift.until === 0 || shift.notes !== notes) return false;
      shift = { ...shift, until: 0 };
      return true;
    },
  };
}

/** In the order of their bytes, as DynamoDB has them. */
function compare(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
