/**
 * Decides whether a user is in a channel: a pure state machine over the known connections of the user. Its input is the change
 * stream of the subscriptions, which repeats records. So every step may be repeated without harm.
 */

import type { Attendance } from '../connections/subscription-store.ts';

export interface Presence {
  /**
   * - `arriving`: a connection is subscribed while the window of the channel is closed; others do not see the user before it opens
   * - `here`: at least one of the user's connections is subscribed
   * - `leaving`: the last connection ended a moment ago, and the user lingers; others still see the user as present
   * - `gone`: the row is kept for an hour, so that versions continue to rise
   */
  readonly state: 'arriving' | 'here' | 'leaving' | 'gone';
  /** The latest end of each connection, by its id. Seconds since 1970. */
  readonly connections: ReadonlyMap<string, number>;
  /** The info of the token of the newest connection. */
  readonly info?: unknown;
  /** The info has changed, and no version tells it yet. */
  readonly hasNewInfo?: true;
  /**
   * When the worker has to look at the user: a user who is `leaving` becomes `gone` then, one who is `arriving` is `here`, and new info is
   * told. Milliseconds since 1970. 0 if nothing is due. It stays until the change is announced, so that a worker that dies is followed.
   */
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

/**
 * How late a due change may be before another function makes it. Until then a user who is `leaving` comes back without a word, because
 * no observer was told. Less than the time for which `members` shows the user. Milliseconds.
 */
export const LATE_MS = 30_000;

export interface Look {
  readonly now: number;
  readonly lingerMs: number;
  /** When the closed window of the channel opens: until then nothing is told. 0 if it is open. Milliseconds since 1970. */
  readonly closedUntil?: number;
}

/** The state after a look at some of the user's connections. */
export function observed(before: Presence, findings: Findings, look: Look): Presence {
  const connections = aliveAt(before, look.now);
  let info = before.info;
  for (const [id, found] of findings) {
    if (!found || found.expiresAt * 1000 <= look.now) connections.delete(id);
    else {
      // A connection that is known already is checked again, and its token may be older than the latest.
      if (!before.connections.has(id) && !found.hasLostInfo) info = found.info;
      connections.set(id, found.expiresAt);
    }
  }
  const after = { ...before, connections, revision: before.revision + 1 };
  return connections.size > 0
    ? withConnections(before, withInfo(after, info), look)
    : withoutConnections(after, look);
}

function withConnections(before: Presence, after: Presence, { now, closedUntil = 0 }: Look): Presence {
  if (before.state === 'arriving') return after;
  const isBack = !isThere(before, now);
  const hasNewInfo = before.hasNewInfo || JSON.stringify(after.info) !== JSON.stringify(before.info);
  if (!isBack && !hasNewInfo) return { ...after, state: 'here', until: 0 };
  if (closedUntil <= now) return { ...told(after, now), state: 'here', until: 0 };
  if (before.state === 'gone') return { ...after, state: 'arriving', until: closedUntil };
  return { ...after, state: 'here', hasNewInfo: true, until: closedUntil };
}

function withoutConnections(after: Presence, { now, lingerMs, closedUntil = 0 }: Look): Presence {
  // No observer has seen this user.
  if (after.state === 'arriving') return { ...after, state: 'gone', until: 0 };
  if (after.state !== 'here') return after;
  const until = lingerMs > 0 ? now + lingerMs : closedUntil;
  if (until > now) return { ...after, state: 'leaving', until };
  return { ...told(after, now), state: 'gone', until: 0 };
}

/**
 * The presence after what was due. It is unchanged if nothing is.
 *
 * @param lateMs how long to leave it to the worker.
 */
export function afterDue(before: Presence, now: number, lateMs = 0): Presence {
  const { state, until, hasNewInfo } = before;
  const connections = aliveAt(before, now);
  const isConnected = state !== 'leaving' && connections.size > 0;
  if (state === 'gone' || (now < until + lateMs && (isConnected || state === 'leaving'))) return before;
  if (state === 'here' && isConnected && !hasNewInfo) return before;
  const after = { ...before, revision: before.revision + 1 };
  if (isConnected) return { ...told(after, now), state: 'here' };
  const gone = { ...after, state: 'gone', connections: new Map() } as const;
  // No observer has seen this user.
  if (state === 'arriving') return { ...gone, until: 0 };
  return { ...told(gone, now), until: until || now };
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
 * new version, and is announced. A user who is arriving was not announced yet.
 */
export function isShown(presence: Presence, now: number): boolean {
  if (presence.state === 'leaving') return now < presence.until + GRACE_MS;
  return isThere(presence, now - GRACE_MS);
}

/** Whether a change is overdue, because a worker failed in every repetition or a record of the stream was lost. */
export function isOverdue(presence: Presence, now: number): boolean {
  if (isPending(presence) && presence.version < now - GRACE_MS) return true;
  if (presence.state === 'arriving') return presence.until < now - GRACE_MS;
  return presence.state !== 'gone' && !isShown(presence, now);
}

/** When it need not be kept any longer. Seconds since 1970. */
export function expiryOf({ state, connections, until }: Presence, now: number): number {
  if (state === 'gone') return Math.ceil((now + GONE_KEPT_MS) / 1000);
  const end = Math.max(until, ...[...connections.values()].map((seconds) => seconds * 1000));
  return Math.ceil((end + PRESENT_KEPT_MS) / 1000);
}

/** Whether observers still see the user. */
function isThere({ state, connections, until }: Presence, now: number): boolean {
  if (state === 'leaving') return now < until + LATE_MS;
  return state === 'here' && [...connections.values()].some((end) => end * 1000 > now);
}

function aliveAt({ connections }: Presence, now: number): Map<string, number> {
  return new Map([...connections].filter(([, end]) => end * 1000 > now));
}

/** With a version for observers, which tells the info, too. It rises even if the clock does not. */
function told({ hasNewInfo: _, ...presence }: Presence, now: number): Presence {
  return { ...presence, version: Math.max(now, presence.version + 1) };
}

/** Omits `info` when it is undefined, so that stored and fresh values compare equal. */
function withInfo({ info: _, ...presence }: Presence, info: unknown): Presence {
  return info === undefined ? presence : { ...presence, info };
}
