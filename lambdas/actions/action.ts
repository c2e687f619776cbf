/** The type of a client action: a function from a checked command to its reply. */

import type { Action, Command, Reply } from 'fanfare-protocol/actions';
import type { CallPorts } from '../own-actions/call-action.ts';
import type { ChargeStore } from '../realtime/access/charge-store.ts';
import type { Meter } from '../realtime/access/meter.ts';
import type { FanfareConfig, NamespacePolicy } from '../realtime/access/namespaces.ts';
import { RateLimit } from '../realtime/access/rate-limit.ts';
import type { Caller } from '../realtime/access/session.ts';
import type { Head } from '../realtime/log/log-store.ts';
import type { ReadPositionStore } from '../realtime/log/read-position.ts';
import type { ReplyRoom } from '../realtime/log/reply-room.ts';

export type ActionPorts = CallPorts & {
  readonly charges: ChargeStore;
  readonly readPositions: ReadPositionStore;
};

/** Built once per container, because the rate limit remembers. */
export interface ActionContext {
  readonly config: FanfareConfig;
  readonly ports: ActionPorts;
  readonly rateLimit: RateLimit;
}

export function actionContext(config: FanfareConfig, ports: ActionPorts): ActionContext {
  return { config, ports, rateLimit: new RateLimit(ports) };
}

/** What was done for a subscribe before its turn. */
export interface PreparedSubscribe {
  readonly policy: NamespacePolicy;
  /** Whether the connection is in the channel already. */
  readonly isJoined: boolean;
  /** The head of the channel, read after the connection was in it; `undefined` if it was not read. */
  readonly head?: Head | undefined;
}

/** Built for every frame: its replies share one message of the platform. They are charged together with the frames that it has posted. */
export interface FrameContext extends ActionContext {
  readonly room: ReplyRoom;
  readonly meter: Meter;
  /** Of this command, if it is a subscribe. */
  readonly prepared?: PreparedSubscribe;
}

/** Throws refusals as `ProtocolError`. The caller adds the `id` to the reply. */
export type ActionHandler<A extends Action> = (
  command: Command<A>,
  caller: Caller,
  context: FrameContext,
) => Promise<Reply<A>>;
