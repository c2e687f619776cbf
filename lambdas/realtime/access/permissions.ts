/** Whether a connection may do something on a channel: one pure decision, made before every action. */

import { parseChannel, userChannel } from 'fanfare-protocol/channel';
import { ProtocolError } from 'fanfare-protocol/errors';
import { isGranted, type Permission } from '../../identity/grants.ts';
import type { Editor } from './edit-policy.ts';
import { type AccessRule, type FanfareConfig, findPolicy, type NamespacePolicy } from './namespaces.ts';
import type { Session } from './session.ts';

export type Decision = 'allowed' | 'unauthenticated' | 'forbidden';

type Rights = Pick<Session, 'user' | 'grants'>;

type Check = (rights: Rights, permission: Permission, channel: string) => Decision;

const rules: Readonly<Record<AccessRule, Check>> = {
  anyone: () => 'allowed',
  'signed-in': signedIn(() => true),
  granted: signedIn(({ grants }) => grants !== undefined),
  owner: signedIn(({ user }, _permission, channel) => user !== undefined && channel === userChannel(user)),
  servers: () => 'forbidden',
};

/** A token can only narrow what a namespace allows to signed-in users. What is open to `anyone` needs no token. */
function signedIn(mayDo: (rights: Rights, permission: Permission, channel: string) => boolean): Check {
  return (rights, permission, channel) => {
    const { user, grants } = rights;
    if (user === undefined) return 'unauthenticated';
    const isNamed = !grants || isGranted(grants, permission, channel);
    return isNamed && mayDo(rights, permission, channel) ? 'allowed' : 'forbidden';
  };
}

/** The decision itself. */
export function decide(rule: AccessRule, rights: Rights, permission: Permission, channel: string): Decision {
  return rules[rule](rights, permission, channel);
}

const wordings: Readonly<Record<Permission, string>> = {
  subscribe: 'subscribe to',
  publish: 'publish to',
  members: 'see the members of',
};

const sentences: Readonly<
  Record<Exclude<Decision, 'allowed'>, (permission: Permission, channel: string) => string>
> = {
  unauthenticated: (permission, channel) => `Sign in to ${wordings[permission]} ${channel}.`,
  forbidden: (permission, channel) => `You may not ${wordings[permission]} ${channel}.`,
};

/** A client gets the same refusal for a namespace that does not exist as for one in which only servers may do this. */
const NO_NAMESPACE: NamespacePolicy = {
  subscribe: 'servers',
  publish: 'servers',
  members: 'servers',
  history: 'none',
  presence: 'none',
};

/**
 * The policy of the channel, if it allows this.
 *
 * @throws ProtocolError `unauthenticated` or `forbidden`.
 */
export function authorize(
  config: FanfareConfig,
  session: Rights,
  permission: Permission,
  channel: string,
): NamespacePolicy {
  const parsed = parseChannel(channel);
  if (!parsed) throw new ProtocolError('bad-request', 'This is not a channel name.');
  const policy = findPolicy(config, parsed) ?? NO_NAMESPACE;
  const decision = decide(policy[permission], session, permission, channel);
  if (decision === 'allowed') return policy;
  throw new ProtocolError(decision, sentences[decision](permission, channel));
}

/** Edits by a client. A user who may not publish any more, may not edit either. */
export interface EditRights {
  readonly policy: NamespacePolicy;
  readonly editor: Editor;
}

/** @throws ProtocolError `unauthenticated` or `forbidden`. */
export function authorizeEdit(config: FanfareConfig, session: Rights, channel: string): EditRights {
  const policy = authorize(config, session, 'publish', channel);
  if (policy.edit !== 'author')
    throw new ProtocolError('forbidden', `You may not edit messages of ${channel}.`);
  const { user } = session;
  // A token is needed also where everyone may publish: an anonymous sender is not the author of a message.
  if (user === undefined)
    throw new ProtocolError('unauthenticated', `Sign in to edit messages of ${channel}.`);
  return { policy, editor: { kind: 'author', user } };
}
