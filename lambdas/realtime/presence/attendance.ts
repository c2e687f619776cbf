/**
 * Keeps presence equal to the subscriptions. A record of the change stream only names a subscription to read, and the stored
 * subscription decides. So records may come late, twice, and for several connections of one user at the same time.
 *
 * Every check writes, even if nothing changed. So a worker that read earlier and was delayed cannot write its old result: its revision
 * is taken.
 */

import type { Placement } from '../connections/subscription-store.ts';
import { type AnnouncePorts, announce } from './announce.ts';
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
export interface Sighting extends MemberKey {
  readonly connections: ReadonlyMap<string, Placement>;
}

/** Decides the next presence from the stored one. */
type Decide = (before: Presence, now: number) => Promise<Presence>;

/** The longest pause before a writer that lost the race reads again. Milliseconds. */
const LONGEST_PAUSE_MS = 50;

/** A user has few tabs, so few workers write at once. If there are more, the stream repeats the record. */
const ATTEMPTS = 30;

/**
 * Reads the subscriptions of the connections, and announces what has changed.
 *
 * @returns the user and the end of the linger, if the last connection is gone and the user may come back.
 * @throws the error that prevents storing or announcing the change. To repeat all of it is harmless.
 */
export async function attend(
  ports: AnnouncePorts,
  { connections, ...member }: Sighting,
  lingerMs: number,
): Promise<LingeringUser | undefined> {
  const { state, until } = await change(ports, member, async (before, now) => {
    // Read after the presence itself, so that the findings are newer than the stored state.
    const looked = [...connections].map(
      async ([id, placement]) => [id, await ports.subscriptions.attendance(id, placement)] as const,
    );
    return observed(before, new Map(await Promise.all(looked)), { now, lingerMs });
  });
  return state === 'leaving' ? { ...member, until } : undefined;
}

/**
 * Waits until the linger is over, and announces the leave if the user has not come back.
 *
 * @throws as `attend` does.
 */
export async function endLinger(ports: AnnouncePorts, { until, ...member }: LingeringUser): Promise<void> {
  const { now, pause } = ports;
  // A timer may be early.
  while (now() < until) await pause(until - now());
  await change(ports, member);
}

/**
 * Announces a change that was not announced yet before it makes the next one, and also the end of a linger that no worker has
 * handled. So no join and no leave is skipped when a worker dies.
 */
async function change(ports: AnnouncePorts, member: MemberKey, decide?: Decide): Promise<Presence> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await ports.pause(LONGEST_PAUSE_MS * Math.random());
    const settled = await tryToChange(ports, member, decide);
    if (settled) return settled;
  }
  throw new Error('Too many writers change the presence of one user at once');
}

/** `undefined` when there is more to do, or another writer was faster. */
async function tryToChange(
  ports: AnnouncePorts,
  member: MemberKey,
  decide: Decide | undefined,
): Promise<Presence | undefined> {
  const before = (await ports.presence.read(member)) ?? NEVER_PRESENT;
  if (isPending(before)) {
    await announce(ports, member, before.version);
    return undefined;
  }
  // One time for the whole decision, so that all of its steps agree on which times are over.
  const now = ports.now();
  const overdue = afterLinger(before, now);
  const after = decide && overdue === before ? await decide(before, now) : overdue;
  if (after === before) return after;
  if (!(await ports.presence.write(member, after, expiryOf(after, now)))) return undefined;
  if (isPending(after)) await announce(ports, member, after.version);
  return decide && after === overdue ? undefined : after;
}
