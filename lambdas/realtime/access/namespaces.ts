/** The policy of a namespace: the access rules of its channels. `fanfare.config.ts` uses these terms. */

import { ALL, type ChannelName } from 'fanfare-protocol/channel';
import { ProtocolError } from 'fanfare-protocol/errors';
import { checkPresence, type PresencePolicy } from './presence-policy.ts';

/**
 * The connections to which a policy gives a right.
 * - `anyone`: every connection, signed in or not
 * - `signed-in`: connections whose token was verified; one that names channels is good for those only
 * - `granted`: connections whose token names the channel for it
 * - `owner`: the user that a `@user:<id>` channel is named after
 * - `servers`: only servers, by the HTTP API; no client
 */
export type AccessRule = 'anyone' | 'signed-in' | 'granted' | 'owner' | 'servers';

/** How long a channel's records stay readable. */
export interface Retention {
  /** Milliseconds. */
  readonly retentionMs: number;
}

/** No field has a default. A policy without a field does not compile, so a forgotten field opens nothing. */
export interface NamespacePolicy {
  readonly subscribe: AccessRule;
  readonly publish: AccessRule;
  /** The access rule for seeing the members of a channel. */
  readonly members: AccessRule;
  /** How long messages are kept for resume and history. `none` for channels without history. */
  readonly history: 'none' | { readonly hours: number };
  /** Whether observers get joins and leaves (`docs/presence.md`). */
  readonly presence: PresencePolicy;
}

export interface FanfareConfig {
  readonly namespaces: Readonly<Record<string, NamespacePolicy>>;
  /** The channels every connection has from the start. */
  readonly builtIn: Readonly<Record<typeof ALL | '@user', NamespacePolicy>>;
}

/** The facts on which a configuration may depend. */
export interface StageInfo {
  /** True on a laptop (`npm start`), false for everything that is deployed. */
  readonly local: boolean;
}

/**
 * Declares the configuration as a function of the stage.
 *
 * @throws Error when it is asked for, if a namespace's presence makes no sense.
 * @example
 * export default defineConfig(({ local }) => ({ namespaces: { chat: { subscribe: 'signed-in', ... } }, ... }));
 */
export function defineConfig(
  config: (stage: StageInfo) => FanfareConfig,
): (stage: StageInfo) => FanfareConfig {
  return (stage) => {
    const declared = config(stage);
    for (const [name, policy] of Object.entries({ ...declared.namespaces, ...declared.builtIn }))
      checkPresence(name, policy);
    return declared;
  };
}

/** Whether a connection without a token has any right. */
export function admitsAnonymous({ namespaces, builtIn }: FanfareConfig): boolean {
  return [...Object.values(namespaces), ...Object.values(builtIn)].some(({ subscribe, publish, members }) =>
    [subscribe, publish, members].includes('anyone'),
  );
}

/** How long a channel's log is served; `undefined` if the channel keeps no history. */
export function retentionOf({ history }: Pick<NamespacePolicy, 'history'>): Retention | undefined {
  return history === 'none' ? undefined : { retentionMs: history.hours * 60 * 60 * 1000 };
}

/** `undefined` for a namespace that this stage does not have. */
export function findPolicy(
  { builtIn, namespaces }: FanfareConfig,
  { namespace }: ChannelName,
): NamespacePolicy | undefined {
  if (namespace === ALL || namespace === '@user') return builtIn[namespace];
  return Object.hasOwn(namespaces, namespace) ? namespaces[namespace] : undefined;
}

/**
 * The policy for servers, which may learn that a namespace does not exist.
 *
 * @throws ProtocolError `forbidden` for a namespace that this stage does not have.
 */
export function policyOf(config: FanfareConfig, channel: ChannelName): NamespacePolicy {
  const policy = findPolicy(config, channel);
  if (policy) return policy;
  throw new ProtocolError('forbidden', `There is no namespace ${channel.namespace}.`);
}
