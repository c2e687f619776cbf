/**
 * Announces joins and leaves. A worker that finds a stored change that was not announced yet announces it, and then marks it.
 * After a crash in between, the next worker announces it again.
 */

import type { PresenceEvent } from 'fanfare-protocol/events';
import { type AudiencePorts, audienceNow, capacityOf } from '../delivery/audience.ts';
import { fanOutToObservers } from '../delivery/fan-out.ts';
import type { ReachPorts } from '../delivery/reach.ts';
import { visitInFlight } from '../in-flight.ts';
import { type Lifecycle, type LifecycleEvent, lifecycleEvent } from '../lifecycle/lifecycle.ts';
import { type ClosedWindow, fitWindow } from './closed-window.ts';
import { type Change, framesOf } from './diff-frames.ts';
import { isPending, isUnposted, type Presence } from './presence-state.ts';
import type { PresenceStore, WindowStore } from './presence-store.ts';

export interface AnnouncePorts extends ReachPorts, AudiencePorts {
  readonly presence: PresenceStore;
  readonly windows: WindowStore;
  readonly lifecycle: Lifecycle;
}

/** A few requests for each user. */
const USERS_IN_FLIGHT = 16;

/** A user, and the version of the user's presence that the worker knows to be stored. */
export type Versions = ReadonlyMap<string, number>;

/** The error of each user for whom it failed. */
export type Failures = Map<string, unknown>;

interface Announced {
  readonly user: string;
  readonly presence: Presence;
}

/**
 * Announces stored changes of users of one channel to all observers, in as few frames as hold them. It leaves out changes that were
 * announced before, and users of whom a newer change is stored.
 *
 * Each of the three reads must come after the one before it: the caller knows the versions, then the audience is read, then the presence
 * of each user is read again.
 * - An observer who is not in the audience subscribed after the versions were stored, so `members` shows it these versions or newer
 *   ones. A worker that announces a version newer than its audience would miss an observer who subscribed in between and read the
 *   older one.
 * - An observer who is in the audience is in every later one while it is subscribed, and gets the next version. So a late
 *   announcement is always followed by the current state.
 *
 * @param versions were stored when this is called. The worker that has stored a newer version announces that one.
 * @param window the caller has closed it. Its length follows the audience.
 */
export async function announce(
  ports: AnnouncePorts,
  channel: string,
  versions: Versions,
  window?: ClosedWindow,
): Promise<Failures> {
  const failed: Failures = new Map();
  const audience = await audienceNow(ports, channel);
  await audience.first;
  const found: Announced[] = [];
  await forEach([...versions], failed, async ([user, version]) => {
    const presence = await ports.presence.read({ channel, user });
    if (presence && isPending(presence) && presence.version === version) found.push({ user, presence });
  });
  if (found.length === 0) return failed;
  const frames = framesOf(channel, found.filter(({ presence }) => isUnposted(presence)).map(changeOf));
  const [posted, reported] = await Promise.allSettled([
    // EventBridge may refuse events for hours. Repetitions then have no frames, or they would post to all observers again.
    frames.length > 0 ? fanOutToObservers(ports, audience, frames) : undefined,
    ports.lifecycle.put(found.map((one) => reportOf(channel, one))),
  ]);
  if (posted.status === 'rejected') throw posted.reason;
  // A window that is too short causes more posts than a channel may; one that is too long tells a little later.
  if (window) await fitWindow(ports, channel, window, await capacityOf(audience));
  const isReported = reported.status === 'fulfilled';
  await forEach(
    found.map((one) => [one.user, one.presence.version] as const),
    failed,
    ([user, version]) => ports.presence.announced({ channel, user }, version, isReported),
  );
  if (!isReported) for (const { user } of found) failed.set(user, reported.reason);
  return failed;
}

/** Visits every user, also if it fails for some of them. */
export function forEach<Entry extends readonly [user: string, ...unknown[]]>(
  users: readonly Entry[],
  failed: Failures,
  visit: (entry: Entry) => Promise<void>,
): Promise<void> {
  return visitInFlight(users, USERS_IN_FLIGHT, async (entry) => {
    try {
      await visit(entry);
    } catch (error) {
      failed.set(entry[0], error);
    }
  });
}

function reportOf(channel: string, { user, presence }: Announced): LifecycleEvent {
  const { state, version } = presence;
  const type = state === 'gone' ? 'member left' : 'member joined';
  return lifecycleEvent(type, { channel, user, ...infoOf(presence), at: version }, version);
}

function changeOf({ user, presence }: Announced): Change {
  const event: PresenceEvent['event'] = presence.state === 'gone' ? 'left' : 'joined';
  return { event, member: { user, ...infoOf(presence), at: presence.version } };
}

function infoOf({ info }: Presence): { readonly info?: unknown } {
  return info === undefined ? {} : { info };
}
