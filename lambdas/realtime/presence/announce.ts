/**
 * Announces joins and leaves. A worker that finds a stored change that was not announced yet announces it, and then marks it.
 * After a crash in between, the next worker announces it again.
 */

import type { PresenceEvent } from 'fanfare-protocol/events';
import { type AudiencePorts, audienceNow } from '../delivery/audience.ts';
import { fanOutToObservers } from '../delivery/fan-out.ts';
import type { ReachPorts } from '../delivery/reach.ts';
import { type Lifecycle, lifecycleEvent } from '../lifecycle/lifecycle.ts';
import { isPending, type Presence } from './presence-state.ts';
import type { MemberKey, PresenceStore } from './presence-store.ts';

export interface AnnouncePorts extends ReachPorts, AudiencePorts {
  readonly presence: PresenceStore;
  readonly lifecycle: Lifecycle;
}

/**
 * Announces one stored change of a user's presence to all observers, unless it was announced before or a newer change is stored.
 *
 * Each of the three reads must come after the one before it: the caller knows the version, then the audience is read, then the presence
 * is read again.
 * - An observer who is not in the audience subscribed after the version was stored, so `members` shows it this version or a newer
 *   one. A worker that announces a version newer than its audience would miss an observer who subscribed in between and read the
 *   older one.
 * - An observer who is in the audience is in every later one while it is subscribed, and gets the next version. So a late
 *   announcement is always followed by the current state.
 *
 * @param version was stored when this is called. The worker that has stored a newer version announces that one.
 */
export async function announce(ports: AnnouncePorts, member: MemberKey, version: number): Promise<void> {
  const audience = await audienceNow(ports, member.channel);
  await audience.first;
  const presence = await ports.presence.read(member);
  if (!presence || !isPending(presence) || presence.version !== version) return;
  const frame = new TextEncoder().encode(JSON.stringify(eventOf(member, presence)));
  const told = lifecycleEvent(
    presence.state === 'gone' ? 'member left' : 'member joined',
    { ...member, ...infoOf(presence), at: version },
    version,
  );
  await Promise.all([fanOutToObservers(ports, audience, frame), ports.lifecycle.put([told])]);
  await ports.presence.announced(member, version);
}

function eventOf({ channel, user }: MemberKey, presence: Presence): PresenceEvent {
  const member = { user, ...infoOf(presence), at: presence.version };
  return { event: presence.state === 'gone' ? 'left' : 'joined', channel, member };
}

function infoOf({ info }: Presence): { readonly info?: unknown } {
  return info === undefined ? {} : { info };
}
