/** The check before every command that reads a channel: the access rule first, and then the user's own `onSubscribe`. */

import type { Permission } from '../identity/grants.ts';
import { clientOrigin } from '../own-logic/context.ts';
import type { ReadAction } from '../own-logic/handlers.ts';
import { checkReading } from '../own-logic/reading.ts';
import type { NamespacePolicy } from '../realtime/access/namespaces.ts';
import { authorize } from '../realtime/access/permissions.ts';
import type { Caller } from '../realtime/access/session.ts';
import type { ActionContext } from './action.ts';

/** The right that each command needs. */
const permissions: Readonly<Record<ReadAction, Permission>> = {
  subscribe: 'subscribe',
  history: 'subscribe',
  values: 'subscribe',
  mark: 'subscribe',
  members: 'members',
};

/**
 * The policy of the channel, if the caller may read it by this command. A room that `onSubscribe` closes is closed to `history` and
 * `members`, too.
 *
 * @throws ProtocolError `unauthenticated` or `forbidden`, the refusal of `onSubscribe`, or `internal` if that fails.
 */
export async function readablePolicy(
  { config, ports }: Pick<ActionContext, 'config' | 'ports'>,
  caller: Caller,
  action: ReadAction,
  channel: string,
): Promise<NamespacePolicy> {
  const policy = authorize(config, caller, permissions[action], channel);
  await checkReading(policy, { channel, action, origin: clientOrigin(caller), log: ports.log });
  return policy;
}
