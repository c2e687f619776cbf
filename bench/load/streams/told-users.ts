/** When the last observer was told of each user's join. */

import * as v from 'valibot';
import type { VirtualClock } from '../../simulator/virtual-clock.ts';

const member = v.object({ user: v.string() });
const single = v.object({ event: v.string(), member });
const diff = v.array(v.object({ event: v.string(), members: v.array(member) }));

export class ToldUsers {
  /** Milliseconds since 1970, by user. */
  readonly at = new Map<string, number>();
  private readonly clock: VirtualClock;
  private readonly read = new WeakMap<Uint8Array, readonly string[]>();

  constructor(clock: VirtualClock) {
    this.clock = clock;
  }

  /** A frame was accepted, for one observer or for all. */
  by(frame: Uint8Array): void {
    const users = this.read.get(frame) ?? joinedIn(frame);
    this.read.set(frame, users);
    for (const user of users) this.at.set(user, this.clock.now());
  }
}

function joinedIn(frame: Uint8Array): readonly string[] {
  const content: unknown = JSON.parse(new TextDecoder().decode(frame));
  if (Array.isArray(content))
    return v
      .parse(diff, content)
      .flatMap(({ event, members }) => (event === 'joined' ? members.map(({ user }) => user) : []));
  const { event, member: one } = v.parse(single, content);
  return event === 'joined' ? [one.user] : [];
}
