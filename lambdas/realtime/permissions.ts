/** Whether a connection may do something on a channel: one pure decision, made before every action. */

import { parseChannel } from '../../protocol/channel.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import { type Audience, type FanfareConfig, type NamespacePolicy, policyOf } from './namespaces.ts';
import type { Session } from './session.ts';

export type Permission = 'subscribe' | 'publish' | 'members';

type Verdict = 'allowed' | 'unauthenticated' | 'forbidden';

const verdicts: Record<Audience, (user: string | undefined, channel: string) => Verdict> = {
  anyone: () => 'allowed',
  'signed-in': (user) => (user === undefined ? 'unauthenticated' : 'allowed'),
  owner: (user, name) => (user === undefined ? 'unauthenticated' : user === name ? 'allowed' : 'forbidden'),
  servers: () => 'forbidden',
};

const wordings: Record<Permission, string> = {
  subscribe: 'subscribe to',
  publish: 'publish to',
  members: 'see the members of',
};

const sentences: Record<Exclude<Verdict, 'allowed'>, (permission: Permission, channel: string) => string> = {
  unauthenticated: (permission, channel) => `Sign in to ${wordings[permission]} ${channel}.`,
  forbidden: (permission, channel) => `You may not ${wordings[permission]} ${channel}.`,
};

/**
 * The policy of the channel, if it allows this.
 *
 * @throws ProtocolError `unauthenticated` or `forbidden`.
 */
export function authorize(
  config: FanfareConfig,
  session: Session,
  permission: Permission,
  channel: string,
): NamespacePolicy {
  const parsed = parseChannel(channel);
  if (!parsed) throw new ProtocolError('bad-request', 'This is not a channel name.');
  const policy = policyOf(config, parsed);
  const verdict = verdicts[policy[permission]](session.user, parsed.name);
  if (verdict === 'allowed') return policy;
  throw new ProtocolError(verdict, sentences[verdict](permission, channel));
}
