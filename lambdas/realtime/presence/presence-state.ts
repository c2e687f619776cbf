/**
 * Decides whether a user is in a channel: a pure state machine over the known connections of the user. Its input is the change
 * stream of the subscriptions, which repeats records. So every step may be repeated without harm.
 */

import type { Attendance } from '../connections/subscription-store.ts';

export interface Presence {
  /**
   * - `here`: at least one of the user's connections is subscribed
   * - `leaving`: the last connection ended a moment ago, and the user lingers; others still see the user as present
   * - `gone`: the row is kept for an hour, so that versions continue to rise
   */
  readonly state: 'here' | 'leaving' | 'gone';
  /** The latest end of each connection, by its id. Seconds since 1970. */
  readonly connections: ReadonlyMap<string, number>;
  /** The info of the token of the newest connection. */
  readonly info?: unknown;
  /** When a user who is `leaving` becomes `gone`. Milliseconds since 1970; 0 otherwise. */
  readonly until: number;
  /** The version: the time of the last change that observers have to get. It rises with each such change. Milliseconds since 1970. */
  readonly version: number;
  /** The last version that was posted to observers. */
  readonly announced: number;
  /** The last version that was sent to EventBridge. It is behind `announced` while EventBridge refuses events. */
  readonly reported: number;
  /** Rises with each write, so that a write succeeds only on the revision that it was decided by. */
  readonly revision: number;
}

/** The presence of a user who was never in the channel. */
export const NEVER_PRESENT: Presence = {
  state: 'gone',
  connections: new Map(),
  until: 0,
  version: 0,
  announced: 0,
  reported: 0,
  revision: 0,
};

/** The finding about each connection, by its id: its subscription, or `undefined` if the subscription is gone. */
export type Findings = ReadonlyMap<string, Attendance | undefined>;

/** The tolerance for clocks that differ, and for a late last event about a user. Milliseconds. */
const GRACE_MS = 60_000;

/** For this long, a late `joined` of a user who is gone is recognized as late. Milliseconds. */
const GONE_KEPT_MS = 60 * 60 * 1000;

/** DynamoDB deletes expired rows within days. Until then the stream may still report that the subscription was removed. Milliseconds. */
const PRESENT_KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/** The state after a look at some of the user's connections. */
export function observed(
  before: Presence,
  findings: Findings,
  { now, lingerMs }: { readonly now: number; readonly lingerMs: number },
): Presence {
  const connections = new Map([...before.connections].filter(([, end]) => end * 1000 > now));
  let info = before.info;
  for (const [id, found] of findings) {
    if (!found || found.expiresAt * 1000 <= now) connections.delete(id);
    else {
      // A connection that is known already is checked again, and its token may be older than the latest.
      if (!before.connections.has(id)) info = found.info;
      connections.set(id, found.expiresAt);
    }
  }
  const after = { ...before, connections, until: 0, revision: before.revision + 1 };
  if (connections.size > 0) {
    const isNews = !isThere(before, now) || JSON.stringify(info) !== JSON.stringify(before.info);
    return withInfo({ ...after, state: 'here', version: isNews ? next(before, now) : before.version }, info);
  }
  if (before.state !== 'here') return { ...after, until: before.until };
  if (lingerMs > 0) return { ...after, state: 'leaving', until: now + lingerMs };
  return { ...after, state: 'gone', version: next(before, now) };
}

/** The presence after a linger is over. It is unchanged if the user has come back. */
export function afterLinger(before: Presence, now: number): Presence {
  if (before.state === 'gone' || isThere(before, now)) return before;
  const { revision } = before;
  return {
    ...before,
    state: 'gone',
    connections: new Map(),
    until: 0,
    version: next(before, now),
    revision: revision + 1,
  };
}

/** Whether the version was not posted to observers yet, or not sent to EventBridge. */
export function isPending(presence: Presence): boolean {
  return isUnposted(presence) || presence.version > presence.reported;
}

/** Whether the version was not posted to observers yet. */
export function isUnposted({ version, announced }: Presence): boolean {
  return version > announced;
}

/**
 * Whether `members` shows the user. It hides a user only after the time is certainly over. A hidden user who comes back gets a
 * new version, and is announced.
 */
export function isShown(presence: Presence, now: number): boolean {
  return isThere(presence, now - GRACE_MS);
}

/** Whether a change is overdue, because a worker failed in every repetition or a record of the stream was lost. */
export function isOverdue(presence: Presence, now: number): boolean {
  if (isPending(presence) && presence.version < now - GRACE_MS) return true;
  return presence.state !== 'gone' && !isShown(presence, now);
}

/** When it need not be kept any longer. Seconds since 1970. */
export function expiryOf({ state, connections, until }: Presence, now: number): number {
  if (state === 'gone') return Math.ceil((now + GONE_KEPT_MS) / 1000);
  const end = Math.max(until, ...[...connections.values()].map((seconds) => seconds * 1000));
  return Math.ceil((end + PRESENT_KEPT_MS) / 1000);
}

function isThere({ state, connections, until }: Presence, now: number): boolean {
  if (state === 'leaving') return now < until;
  return state === 'here' && [...connections.values()].some((end) => end * 1000 > now);
}

/** Rises even if the clock does not. */
function next({ version }: Presence, now: number): number {
  return Math.max(now, version + 1);
}

/** Omits `info` when it is undefined, so that stored and fresh values compare equal. */
function withInfo({ info: _, ...presence }: Presence, info: unknown): Presence {
  return info === undefined ? presence : { ...presence, info };
}
