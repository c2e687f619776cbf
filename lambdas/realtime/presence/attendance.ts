/**
 * Keeps presence equal to the subscriptions. A record of the change stream only names a subscription to read, and the stored
 * subscription decides. So records may come late, twice, and for several connections of one user at the same time.
 *
 * Every check writes, even if nothing changed. So a worker that read earlier and was delayed cannot write its old result: its revision
 * is taken.
 *
 * All changes of one channel that a worker finds are announced together. While the window of the channel is closed, changes wait in the
 * due list, and are made and announced when it opens.
 */

import type { Placement } from '../connections/subscription-store.ts';
import { type AnnouncePorts, announce, type Failures, forEach } from './announce.ts';
import { type ClosedWindow, closeWindow, PRESENCE_WAITS_MS } from './closed-window.ts';
import { findingsOf, unreported } from './findings.ts';
import {
  afterDue,
  expiryOf,
  isPending,
  LATE_MS,
  NEVER_PRESENT,
  observed,
  type Presence,
} from './presence-state.ts';
import type { DueUser, MemberKey } from './presence-store.ts';

/** Connections of a user in a channel whose subscriptions the stream has reported. */
export interface Sighting {
  readonly user: string;
  readonly connections: ReadonlyMap<string, Placement>;
}

export interface Attended {
  /** Whether a user is in the due list because of this look, or was before. */
  readonly isDue: boolean;
  /** Why the change of a user could not be stored or announced. To repeat all of it is harmless. */
  readonly failed: Failures;
}

/** Decides the next presence from the stored one. */
type Decide = (before: Presence, now: number) => Promise<Presence>;

/** A user to check, and the decision. Without a decision, what is due is done. */
type Check = readonly [user: string, decide?: Decide];

/** The longest pause before a writer that lost the race reads again. Milliseconds. */
const LONGEST_PAUSE_MS = 50;

/** A user has few tabs, so few workers write at once. If there are more, the stream repeats the record. */
const ATTEMPTS = 30;

/** Reads the subscriptions of the connections of users of one channel, and announces what has changed, or has it wait for the window. */
export async function attend(
  ports: AnnouncePorts,
  channel: string,
  sightings: readonly Sighting[],
  lingerMs: number,
): Promise<Attended> {
  let asked: Promise<ClosedWindow> | undefined;
  const window = () => {
    asked ??= closeWindow(ports, channel, PRESENCE_WAITS_MS);
    return asked;
  };
  const checks = sightings.map(({ user, connections }): Check => {
    const decide: Decide = async (before, now) => {
      const member = { channel, user };
      let findings = await findingsOf(ports, member, connections, before);
      let after = observed(before, findings, { now, lingerMs });
      if (before.state === 'here' && after.state !== 'here') {
        findings = new Map([...findings, ...(await unreported(ports, member, findings, before))]);
        after = observed(before, findings, { now, lingerMs });
      }
      if (after.version === before.version) return after;
      const { isMine, closedUntil } = await window();
      if (isMine) return after;
      // A window that has just opened is the worker's.
      return observed(before, findings, { now, lingerMs, closedUntil: Math.max(closedUntil, now + 1) });
    };
    return [user, decide];
  });
  const { settled, failed } = await change(ports, channel, checks, () => asked);
  const isDue = [...settled.values()].some(({ until }) => until > 0);
  return { isDue, failed };
}

/** Makes the changes of these users that are due, and announces them. */
export async function makeDue(
  ports: AnnouncePorts,
  channel: string,
  due: readonly Pick<DueUser, 'user'>[],
  window?: ClosedWindow,
): Promise<Failures> {
  const users = new Set(due.map(({ user }) => user));
  const checks = [...users].map((user): Check => [user]);
  const { failed } = await change(ports, channel, checks, () => window);
  return failed;
}

/**
 * Announces changes that were not announced yet before it makes the next ones, and also the end of a linger that no worker has
 * handled. So no join and no leave is skipped when a worker dies.
 */
async function change(
  ports: AnnouncePorts,
  channel: string,
  checks: readonly Check[],
  window: () => Promise<ClosedWindow> | ClosedWindow | undefined,
) {
  const settled = new Map<string, Presence>();
  const failed: Failures = new Map();
  let open = checks;
  for (let attempt = 0; attempt < ATTEMPTS && open.length > 0; attempt++) {
    if (attempt > 0) await ports.pause(LONGEST_PAUSE_MS * Math.random());
    const untold = new Map<string, number>();
    await forEach(open, failed, async ([user, decide]) => {
      const step = await tryToChange(ports, { channel, user }, decide);
      if (step.settled) settled.set(user, step.settled);
      if (step.untold !== undefined) untold.set(user, step.untold);
    });
    if (untold.size > 0) await announceOf(ports, channel, untold, failed, await window());
    open = open.filter(([user]) => !settled.has(user) && !failed.has(user));
  }
  for (const [user] of open)
    failed.set(user, new Error('Too many writers change the presence of one user at once'));
  return { settled, failed };
}

async function announceOf(
  ports: AnnouncePorts,
  channel: string,
  untold: ReadonlyMap<string, number>,
  failed: Failures,
  window: ClosedWindow | undefined,
): Promise<void> {
  try {
    for (const [user, error] of await announce(ports, channel, untold, window)) failed.set(user, error);
  } catch (error) {
    for (const user of untold.keys()) failed.set(user, error);
  }
}

interface Step {
  /** The presence after the check. Without it, there is more to do, or another writer was faster. */
  readonly settled?: Presence;
  /** A stored version that was not announced yet. */
  readonly untold?: number;
}

async function tryToChange(
  ports: AnnouncePorts,
  member: MemberKey,
  decide: Decide | undefined,
): Promise<Step> {
  const before = (await ports.presence.read(member)) ?? NEVER_PRESENT;
  if (isPending(before)) return { untold: before.version };
  // One time for the whole decision, so that all of its steps agree on which times are over.
  const now = ports.now();
  const overdue = afterDue(before, now, decide ? LATE_MS : 0);
  const after = decide && overdue === before ? await decide(before, now) : overdue;
  if (after === before) return { settled: after };
  if (!(await ports.presence.write(member, after, expiryOf(after, now)))) return {};
  return {
    ...(isPending(after) && { untold: after.version }),
    ...(!(decide && after === overdue) && { settled: after }),
  };
}
