/**
 * Tells others who joined and who left. The worker that finds a stored change that was not told tells it and then marks it. After a
 * crash in between, the next worker tells it again.
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
 * Tells all observers the last change of a user's presence, if they were not told yet.
 *
 * First the audience is read, then the presence. An observer that subscribes later finds at least this state, and an observer that is
 * told of it is also told of the next. So a late announcement never tells a state that is already over.
 */
export async function announce(ports: AnnouncePorts, member: MemberKey): Promise<void> {
  const audience = await audienceNow(ports, member.channel);
  await audience.first;
  const presence = await ports.presence.read(member);
  if (!presence || !isPending(presence)) return;
  const { version } = presence;
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
