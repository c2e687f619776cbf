/** What the parts of one connection know of each other. */

import type { Follower } from './channel/live-subscription.ts';
import type { Outbox } from './channel/outbox.ts';
import type { ConnectionEvents } from './events/connection-events.ts';
import type { Emitter } from './events/emitter.ts';
import type { Settings } from './settings/settings.ts';
import type { Answer } from './socket/in-flight.ts';
import type { Link } from './socket/socket.ts';
import type { ServerFrame } from './wire/server-frame.ts';

export interface Hub {
  readonly settings: Settings;
  readonly events: Emitter<ConnectionEvents>;
  /** The subscriptions there should be on every socket. */
  readonly wanted: ReadonlySet<Follower>;
  /** A frame came that is no reply. */
  received(link: Link, frame: ServerFrame): void;
  forget(follower: Follower): void;
  /** Settles when there is a socket, or will never be one. */
  linked(): Promise<void>;
  /** The order of a channel's commands. */
  outbox(channel: string): Outbox;
  /** Sends a command on whichever socket is there, or the next one. Never rejects. */
  ask(command: string): Promise<Answer>;
}
