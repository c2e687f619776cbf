/**
 * Tells others who came and who went. What is stored and not yet told is told by whoever finds it, and then marked: a crash
 * in between repeats it.
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
 * Tells all who may see members the last change of somebody's presence, if they were not told yet.
 *
 * First it is found out who there is to tell, then what is true: an observer who subscribes later finds at least that, and one
 * who is told of it will also be told what comes next. Whoever announces late therefore says nothing that is over already.
 */
export async function announce(ports: AnnouncePorts, place: MemberKey): Promise<void> {
  const audience = await audienceNow(ports, place.channel);
  await audience.first;
  const presence = await ports.presence.read(place);
  if (!presence || !isPending(presence)) return;
  const { version } = presence;
  const frame = new TextEncoder().encode(JSON.stringify(eventOf(place, presence)));
  const told = lifecycleEvent(
    presence.state === 'gone' ? 'member left' : 'member joined',
    { ...place, ...infoOf(presence), at: version },
    version,
  );
  await Promise.all([fanOutToObservers(ports, audience, frame), ports.lifecycle.put([told])]);
  await ports.presence.announced(place, version);
}

function eventOf({ channel, user }: MemberKey, presence: Presence): PresenceEvent {
  const member = { user, ...infoOf(presence), at: presence.version };
  return { event: presence.state === 'gone' ? 'left' : 'joined', channel, member };
}

function infoOf({ info }: Presence): { readonly info?: unknown } {
  return info === undefined ? {} : { info };
}
