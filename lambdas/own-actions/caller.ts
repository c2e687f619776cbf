/** Who calls an action, and whether they may. */

import { ProtocolError } from 'fanfare-protocol/errors';
import type { Origin } from '../own-logic/context.ts';
import type { ActionAccess } from '../own-logic/own-action.ts';
import type { Spend } from '../realtime/access/meter.ts';
import type { Sender } from '../realtime/log/sender.ts';

export interface ActionCaller {
  readonly origin: Origin;
  /** The owner of the keys. */
  readonly sender: Sender;
  /** Charges bytes before they leave. */
  readonly spend: Spend;
}

type Rights = Pick<Origin, 'user' | 'grants'>;

/** The reason why a connection may not call the action, if there is one. */
type Check = (rights: Rights) => ProtocolError | undefined;

const UNAUTHENTICATED = new ProtocolError('unauthenticated', 'Sign in to call this action.');
const SERVERS_ONLY = new ProtocolError('forbidden', 'Only servers may call this action.');
const CHANNELS_ONLY = new ProtocolError('forbidden', 'This token is for channels only.');

const withToken: Check = ({ user }) => (user === undefined ? UNAUTHENTICATED : undefined);

const checks: Readonly<Record<ActionAccess, Check>> = {
  anyone: () => undefined,
  'any-token': withToken,
  // A token that names channels is good for those only, as everywhere.
  'signed-in': (rights) => withToken(rights) ?? (rights.grants ? CHANNELS_ONLY : undefined),
  servers: () => SERVERS_ONLY,
};

/** @throws ProtocolError `unauthenticated` or `forbidden`. */
export function authorizeCall(access: ActionAccess, { caller, user, grants }: Origin): void {
  const refusal = caller === 'client' ? checks[access]({ user, grants }) : grants ? CHANNELS_ONLY : undefined;
  if (refusal) throw refusal;
}
