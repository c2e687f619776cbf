/**
 * Keeps presence equal to the subscriptions. A record of the change stream only names a subscription to read, and the stored
 * subscription decides. So records may come late, twice, and for several connections of one user at the same time.
 *
 * Every check writes, even if nothing changed. So a worker that read earlier and was delayed cannot write its old result: its revision
 * is taken.
 *
 * All changes of one channel that a worker finds are announced together.
 */

import type { Placement } from '../connections/subscription-store.ts';
import { type AnnouncePorts, announce, type Failures, forEach } from './announce.ts';
import {
  afterLinger,
  expiryOf,
  isPending,
  NEVER_PRESENT,
  observed,
  type Presence,
} from './presence-state.ts';
import type { LingeringUser, MemberKey } from './presence-store.ts';

/** Connections of a user in a channel whose subscriptions the stream has reported. */
export interface Sighting {
  readonly user: string;
  readonly connections: ReadonlyMap<string, Placement>;
}

export interface Attended {
  /** Users whose last connection is gone, and who may come back. */
  readonly leaving: readonly LingeringUser[];
  /** Why the change of a user could not be stored or announced. To repeat all of it is harmless. */
  readonly failed: Failures;
}

/** Decides the next presence from the stored one. */
type Decide = (before: Presence, now: number) => Promise<Presence>;

/** A user to check, and the decision, if there is more to it than the end of a linger. */
type Check = readonly [user: string, decide?: Decide];

/** The longest pause before a writer that lost the race reads again. Milliseconds. */
const LONGEST_PAUSE_MS = 50;

/** A user has few tabs, so few workers write at once. If there are more, the stream repeats the record. */
const ATTEMPTS = 30;

/** Reads the subscriptions of the connections of users of one channel, and announces what has changed. */
export async function attend(
  ports: AnnouncePorts,
  channel: string,
  sightings: readonly Sighting[],
  lingerMs: number,
): Promise<Attended> {
  const checks = sightings.map(({ user, connections }): Check => {
    const decide: Decide = async (before, now) => {
      // Read after the presence itself, so that the findings are newer than the stored state.
      const looked = [...connections].map(
        async ([id, placement]) => [id, await ports.subscriptions.attendance(id, placement)] as const,
      );
      return observed(before, new Map(await Promise.all(looked)), { now, lingerMs });
    };
    return [user, decide];
  });
  const { settled, failed } = await change(ports, channel, checks);
  const leaving = [...settled]
    .filter(([user, { state }]) => state === 'leaving' && !failed.has(user))
    .map(([user, { until }]) => ({ channel, user, until }));
  return { leaving, failed };
}

/** Waits until the linger of all of these users is over, and announces the leaves of users who have not come back. */
export async function endLinger(
  ports: AnnouncePorts,
  channel: string,
  lingering: readonly Pick<LingeringUser, 'user' | 'until'>[],
): Promise<Failures> {
  const { now, pause } = ports;
  const until = Math.max(0, ...lingering.map((one) => one.until));
  // A timer may be early.
  while (now() < until) await pause(until - now());
  const users = new Set(lingering.map(({ user }) => user));
  const { failed } = await change(
    ports,
    channel,
    [...users].map((user): Check => [user]),
  );
  return failed;
}

/**
 * Announces changes that were not announced yet before it makes the next ones, and also the end of a linger that no worker has
 * handled. So no join and no leave is skipped when a worker dies.
 */
async function change(ports: AnnouncePorts, channel: string, checks: readonly Check[]) {
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
    if (untold.size > 0) await announceOf(ports, channel, untold, failed);
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
): Promise<void> {
  try {
    for (const [user, error] of await announce(ports, channel, untold)) failed.set(user, error);
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
  const overdue = afterLinger(before, now);
  const after = decide && overdue === before ? await decide(before, now) : overdue;
  if (after === before) return { settled: after };
  if (!(await ports.presence.write(member, after, expiryOf(after, now)))) return {};
  return {
    ...(isPending(after) && { untold: after.version }),
    ...(!(decide && after === overdue) && { settled: after }),
  };
}
