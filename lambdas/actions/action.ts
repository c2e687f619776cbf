/** What every client action is: a function from a checked command to its reply. */

import type { Action, Command, Reply } from '../../protocol/actions.ts';
import type { PresencePorts } from '../realtime/members.ts';
import type { Meter } from '../realtime/meter.ts';
import type { FanfareConfig } from '../realtime/namespaces.ts';
import type { Ports } from '../realtime/ports.ts';
import { RateLimit } from '../realtime/rate-limit.ts';
import type { ReadPositionStore } from '../realtime/read-position.ts';
import type { ReplyRoom } from '../realtime/reply-room.ts';
import type { Session } from '../realtime/session.ts';

export type ActionPorts = Ports & PresencePorts & { readonly readPositions: ReadPositionStore };

/** Built once per container, because the rate limit remembers. */
export interface ActionContext {
  readonly config: FanfareConfig;
  readonly ports: ActionPorts;
  readonly rateLimit: RateLimit;
}

export function actionContext(config: FanfareConfig, ports: ActionPorts): ActionContext {
  return { config, ports, rateLimit: new RateLimit(ports) };
}

/** Built for every frame: its replies share one message of the platform, and are charged with what it has posted. */
export interface FrameContext extends ActionContext {
  readonly room: ReplyRoom;
  readonly meter: Meter;
}

/** Refusals are thrown as `ProtocolError`; the `id` is echoed by the caller. */
export type ActionHandler<A extends Action> = (
  command: Command<A>,
  session: Session,
  context: FrameContext,
) => Promise<Reply<A>>;
