/** The policy of a namespace: who may do what on its channels. `fanfare.config.ts` uses these terms. */

import { ALL, type ChannelName } from 'fanfare-protocol/channel';
import { ProtocolError } from 'fanfare-protocol/errors';
import { checkPresence, type PresencePolicy } from './presence-policy.ts';

/**
 * Who a permission is given to.
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

/** No field has a default. A policy without a field does not compile, so forgetting a field opens nothing. */
export interface NamespacePolicy {
  readonly subscribe: AccessRule;
  readonly publish: AccessRule;
  /** Who may see who is subscribed. */
  readonly members: AccessRule;
  /** How long messages can be resumed from and looked up; `none` for channels that are only live. */
  readonly history: 'none' | { readonly hours: number };
  /** Whether those who may see members are told who comes and goes (`docs/presence.md`). */
  readonly presence: PresencePolicy;
}

export interface FanfareConfig {
  readonly namespaces: Readonly<Record<string, NamespacePolicy>>;
  /** The channels every connection has from the start. */
  readonly builtIn: Readonly<Record<typeof ALL | '@user', NamespacePolicy>>;
}

/** What a configuration may depend on. */
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

/** Whether connections without a token may do anything at all. */
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
