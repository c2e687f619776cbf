/**
 * Whether a user is in a channel, as a pure state machine over what is known of their connections. It is fed by the change
 * stream of the subscriptions, which repeats itself, so that every step is harmless when it is done again.
 */

import type { Attendance } from '../connections/subscription-store.ts';

export interface Presence {
  /**
   * - `here`: somebody of this user's connections is subscribed
   * - `leaving`: none is, since so recently that it may be a reconnect; for everybody else the user is still there
   * - `gone`: kept for a while, so that versions go on rising
   */
  readonly state: 'here' | 'leaving' | 'gone';
  /** By id, when each one is over at the latest. Seconds since 1970. */
  readonly connections: ReadonlyMap<string, number>;
  /** What the token of the connection that came last says about the user. */
  readonly info?: unknown;
  /** When who is `leaving` is gone. Milliseconds since 1970; 0 otherwise. */
  readonly until: number;
  /** The time of the last change that others are told of; rises with each. Milliseconds since 1970. */
  readonly version: number;
  /** The last version that others were told. */
  readonly announced: number;
  /** Rises with each write, for the next one to be made on what it was decided by. */
  readonly revision: number;
}

/** Somebody who was never there. */
export const NOBODY: Presence = {
  state: 'gone',
  connections: new Map(),
  until: 0,
  version: 0,
  announced: 0,
  revision: 0,
};

/** What was found of connections, by their ids: a subscription, or none any more. */
export type Findings = ReadonlyMap<string, Attendance | undefined>;

/** How far clocks are trusted to agree, and how late the last word about somebody may come. Milliseconds. */
const GRACE_MS = 60_000;

/** A late `joined` of who is gone is recognized for so long. Milliseconds. */
const GONE_KEPT_MS = 60 * 60 * 1000;

/** DynamoDB deletes what has expired within days; until then the subscription's removal may still be told. Milliseconds. */
const PRESENT_KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/** What is true after looking at some of the user's connections. */
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
      // A look at a connection that is known already is a repetition, and its token may be an old one.
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

/** What is true when the time to come back is over: the same, for whoever has come back. */
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

/** Whether others have yet to be told. */
export function isPending({ version, announced }: Presence): boolean {
  return version > announced;
}

/**
 * Whether it is shown to who asks for members. Only when the time is over beyond doubt it is not: whoever was not shown and
 * comes back gets a new version, and is announced.
 */
export function isShown(presence: Presence, now: number): boolean {
  return isThere(presence, now - GRACE_MS);
}

/** Whether something should have happened long ago: a worker has died for good, or a record of the stream was lost. */
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

/** Rises even where the clock does not. */
function next({ version }: Presence, now: number): number {
  return Math.max(now, version + 1);
}

/** Nothing was said is not the same as `undefined` was. */
function withInfo({ info: _, ...presence }: Presence, info: unknown): Presence {
  return info === undefined ? presence : { ...presence, info };
}
