/**
 * Keeps presence true to the subscriptions. A record of the change stream only says where to look: the subscription itself
 * is what counts, so that records may come late, twice, and for different connections of one user at the same time.
 *
 * Every look writes, even one that changes nothing. So whoever has looked before, and was held up, cannot write any more what
 * was true then: its revision is taken.
 */

import type { Placement } from '../connections/subscription-store.ts';
import { type AnnouncePorts, announce } from './announce.ts';
import { afterLinger, expiryOf, isPending, NOBODY, observed, type Presence } from './presence-state.ts';
import type { LingeringUser, MemberKey } from './presence-store.ts';

/** Connections of a user in a channel, of whose subscriptions something was heard. */
export interface Sighting extends MemberKey {
  readonly connections: ReadonlyMap<string, Placement>;
}

/** What follows from what was, at a time. */
type Decide = (before: Presence, now: number) => Promise<Presence>;

/** Between two writers of the same row, one of whom has to look again. Milliseconds. */
const LONGEST_PAUSE_MS = 50;

/** A user's tabs are few, and so are those who write at once; with more of them the stream tries again. */
const ATTEMPTS = 30;

/**
 * Looks at the connections, and sees to it that others are told what has changed.
 *
 * @returns when to look again, if nobody is left there and somebody may come back.
 * @throws whatever keeps it from being stored or told; to do all of it again is harmless.
 */
export async function attend(
  ports: AnnouncePorts,
  { connections, ...place }: Sighting,
  lingerMs: number,
): Promise<LingeringUser | undefined> {
  const { state, until } = await change(ports, place, async (before, now) => {
    // After the presence itself was read: what is found now is newer than what that was decided by.
    const looked = [...connections].map(
      async ([id, placement]) => [id, await ports.subscriptions.attendance(id, placement)] as const,
    );
    return observed(before, new Map(await Promise.all(looked)), { now, lingerMs });
  });
  return state === 'leaving' ? { ...place, until } : undefined;
}

/**
 * Waits until the time to come back is over, and tells others of who has not.
 *
 * @throws as `attend` does.
 */
export async function endLinger(ports: AnnouncePorts, { until, ...place }: LingeringUser): Promise<void> {
  const { now, pause } = ports;
  // A timer may be early.
  while (now() < until) await pause(until - now());
  await change(ports, place);
}

/**
 * What was not told yet is told before anything new can happen, and so is the end of somebody's time that nobody has seen to:
 * no joining and no leaving is skipped, whoever dies.
 */
async function change(ports: AnnouncePorts, place: MemberKey, decide?: Decide): Promise<Presence> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await ports.pause(LONGEST_PAUSE_MS * Math.random());
    const settled = await tryToChange(ports, place, decide);
    if (settled) return settled;
  }
  throw new Error('Too many change the presence of one user at once');
}

/** `undefined` when there is more to do, or somebody else was faster. */
async function tryToChange(
  ports: AnnouncePorts,
  place: MemberKey,
  decide: Decide | undefined,
): Promise<Presence | undefined> {
  const before = (await ports.presence.read(place)) ?? NOBODY;
  if (isPending(before)) {
    await announce(ports, place);
    return undefined;
  }
  // One time for all that is decided: what is over now is over for whatever follows from it.
  const now = ports.now();
  const overdue = afterLinger(before, now);
  const after = decide && overdue === before ? await decide(before, now) : overdue;
  if (after === before) return after;
  if (!(await ports.presence.write(place, after, expiryOf(after, now)))) return undefined;
  if (isPending(after)) await announce(ports, place);
  return decide && after === overdue ? undefined : after;
}
