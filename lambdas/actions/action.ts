/** The type of a client action: a function from a checked command to its reply. */

import type { Action, Command, Reply } from 'fanfare-protocol/actions';
import type { Meter } from '../realtime/access/meter.ts';
import type { FanfareConfig } from '../realtime/access/namespaces.ts';
import { RateLimit } from '../realtime/access/rate-limit.ts';
import type { Session } from '../realtime/access/session.ts';
import type { PublishPorts } from '../realtime/log/publish.ts';
import type { ReadPositionStore } from '../realtime/log/read-position.ts';
import type { ReplyRoom } from '../realtime/log/reply-room.ts';
import type { PresencePorts } from '../realtime/presence/members.ts';

export type ActionPorts = PublishPorts & PresencePorts & { readonly readPositions: ReadPositionStore };

/** Built once per container, because the rate limit remembers. */
export interface ActionContext {
  readonly config: FanfareConfig;
  readonly ports: ActionPorts;
  readonly rateLimit: RateLimit;
}

export function actionContext(config: FanfareConfig, ports: ActionPorts): ActionContext {
  return { config, ports, rateLimit: new RateLimit(ports) };
}

/** Built for every frame: its replies share one message of the platform. They are charged together with the frames that it has posted. */
interface FrameContext extends ActionContext {
  readonly room: ReplyRoom;
  readonly meter: Meter;
}

/** Throws refusals as `ProtocolError`. The caller adds the `id` to the reply. */
export type ActionHandler<A extends Action> = (
  command: Command<A>,
  session: Session,
  context: FrameContext,
) => Promise<Reply<A>>;
