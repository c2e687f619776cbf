/** Whether a connection may do something on a channel: one pure decision, made before every action. */

import { parseChannel, userChannel } from '../../protocol/channel.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import { isGranted, type Permission } from '../identity/grants.ts';
import { type Audience, type FanfareConfig, type NamespacePolicy, policyOf } from './namespaces.ts';
import type { Session } from './session.ts';

export type Verdict = 'allowed' | 'unauthenticated' | 'forbidden';

type Caller = Pick<Session, 'user' | 'grants'>;

type Rule = (caller: Caller, permission: Permission, channel: string) => Verdict;

/** The token can only narrow what a namespace gives; where anyone may, nobody has to ask it. */
const rules: Readonly<Record<Audience, Rule>> = {
  anyone: () => 'allowed',
  'signed-in': signedIn(({ grants }, ...asked) => !grants || isGranted(grants, ...asked)),
  granted: signedIn(({ grants = {} }, ...asked) => isGranted(grants, ...asked)),
  owner: signedIn(({ user }, _permission, channel) => user !== undefined && channel === userChannel(user)),
  servers: () => 'forbidden',
};

function signedIn(mayDo: (...asked: Parameters<Rule>) => boolean): Rule {
  return (caller, ...asked) => {
    if (caller.user === undefined) return 'unauthenticated';
    return mayDo(caller, ...asked) ? 'allowed' : 'forbidden';
  };
}

/** The decision itself. */
export function decide(audience: Audience, caller: Caller, permission: Permission, channel: string): Verdict {
  return rules[audience](caller, permission, channel);
}

const wordings: Readonly<Record<Permission, string>> = {
  subscribe: 'subscribe to',
  publish: 'publish to',
  members: 'see the members of',
};

const sentences: Readonly<
  Record<Exclude<Verdict, 'allowed'>, (permission: Permission, channel: string) => string>
> = {
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
  session: Caller,
  permission: Permission,
  channel: string,
): NamespacePolicy {
  const parsed = parseChannel(channel);
  if (!parsed) throw new ProtocolError('bad-request', 'This is not a channel name.');
  const policy = policyOf(config, parsed);
  const verdict = decide(policy[permission], session, permission, channel);
  if (verdict === 'allowed') return policy;
  throw new ProtocolError(verdict, sentences[verdict](permission, channel));
}
