/** What every client action is: a function from a checked command to its reply. */

import type { Action, Command, Reply } from '../../protocol/actions.ts';
import type { FanOutPorts } from '../realtime/fan-out.ts';
import type { FanfareConfig } from '../realtime/namespaces.ts';
import type { Session } from '../realtime/session.ts';

/** What an action may use; built once per container. */
export interface ActionContext {
  readonly config: FanfareConfig;
  readonly ports: FanOutPorts;
}

/**
 * Refusals are thrown as `ProtocolError`; the `id` is echoed by the caller.
 */
export type ActionHandler<A extends Action> = (
  command: Command<A>,
  session: Session,
  context: ActionContext,
) => Promise<Reply<A>>;
