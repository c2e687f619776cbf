/**
 * The rights of a server: it may do everything in existing namespaces. If its token names channels, it has rights on these
 * channels only.
 */

import { parseChannel } from 'fanfare-protocol/channel';
import { ProtocolError } from 'fanfare-protocol/errors';
import { isGranted, type Permission } from '../identity/grants.ts';
import { type NamespacePolicy, policyOf } from '../realtime/access/namespaces.ts';
import type { RequestContext } from './operation.ts';

type Rights = Pick<RequestContext, 'config' | 'grants'>;

/**
 * The policy of the channel, if the server may do this there.
 *
 * @throws ProtocolError `bad-request` or `forbidden`.
 */
export function authorizeServer(
  { config, grants }: Rights,
  permission: Permission,
  channel: string,
): NamespacePolicy {
  const parsed = parseChannel(channel);
  if (!parsed) throw new ProtocolError('bad-request', 'This is not a channel name.');
  const policy = policyOf(config, parsed);
  if (!grants || isGranted(grants, permission, channel)) return policy;
  throw new ProtocolError('forbidden', `This token does not allow to ${permission} on ${channel}.`);
}

/** @throws ProtocolError `forbidden` for a token that names channels, which is not a token for the whole stage. */
export function authorizeOperator({ grants }: Pick<Rights, 'grants'>): void {
  if (grants) throw new ProtocolError('forbidden', 'This token is for channels only.');
}
