/** The policy of a namespace: the access rules of its channels, and its handlers. `fanfare.config.ts` uses these terms. */

import type { StandardSchemaV1 } from '@standard-schema/spec';
import { ALL, type ChannelName } from 'fanfare-protocol/channel';
import { ProtocolError } from 'fanfare-protocol/errors';
import type { ConnectHandlers, NamespaceLogic } from '../../own-logic/handlers.ts';
import type { OwnActions } from '../../own-logic/own-action.ts';
import { checkEdit, type EditRule } from './edit-policy.ts';
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

/** How long the values of a channel are kept. */
export interface Keeping {
  /** Milliseconds. */
  readonly keptMs: number;
}

/** No field but `delivery`, `subscriptions`, `values` and `edit` has a default. A policy without a field does not compile, so a forgotten field opens nothing. */
export interface AccessPolicy {
  readonly subscribe: AccessRule;
  readonly publish: AccessRule;
  /** The access rule for seeing the members of a channel. */
  readonly members: AccessRule;
  /** How long messages are kept for resume and history. `none` for channels without history. */
  readonly history: 'none' | { readonly hours: number };
  /** Whether observers get joins and leaves (`docs/presence.md`). */
  readonly presence: PresencePolicy;
  /**
   * How messages reach subscribers (`docs/fan-out.md`). `direct`: each publish is a frame to each subscriber, at once. `packed`: the messages of a
   * short time are one frame to each subscriber, which costs less and takes longer. A packed namespace has a history.
   *
   * @default 'direct'
   */
  readonly delivery?: 'direct' | 'packed';
  /**
   * How subscriptions are stored (`docs/fan-out.md`). `separate`: one row for each channel of a connection, and at most 100 channels. `grouped`:
   * at most 16 rows for all channels of a connection in the namespace, and at least 1,000 channels. A publish then also reads
   * the rows of other channels. A grouped namespace has no presence. A namespace that has subscribers does not change between the two.
   *
   * @default 'separate'
   */
  readonly subscriptions?: 'separate' | 'grouped';
  /**
   * How long the newest message of each name is kept after it was published, at least as long as the history (`docs/values.md`).
   *
   * @default the channels have no values
   */
  readonly values?: { readonly hours: number };
  /**
   * Who may edit and delete messages (`docs/editing.md`). `author`: the user who published the message, and servers. `servers`: only servers.
   * A namespace with it has a history.
   *
   * @default messages stay as they are published, also for servers
   */
  readonly edit?: EditRule;
}

export interface NamespacePolicy extends AccessPolicy, NamespaceLogic<StandardSchemaV1, unknown> {}

export interface FanfareConfig<Actions extends OwnActions = OwnActions> extends ConnectHandlers {
  readonly namespaces: Readonly<Record<string, NamespacePolicy>>;
  /** The channels every connection has from the start. */
  readonly builtIn: Readonly<Record<typeof ALL | '@user', NamespacePolicy>>;
  /** The application's own actions, by their names. */
  readonly actions?: Actions;
  /** For all packed namespaces of a stage, because one reader of the stream delivers them. */
  readonly packing?: {
    /**
     * How long messages are gathered for one frame. Whole seconds up to 300. With 0 there is no wait: the stream is read about four
     * times a second, and what came since is one frame.
     *
     * @default 0
     */
    readonly windowSeconds: number;
  };
}

/**
 * The built-in channels of a configuration that does not name them: clients read them, and only servers write. Inboxes keep a day.
 */
const BUILT_IN: FanfareConfig['builtIn'] = {
  '@all': {
    subscribe: 'signed-in',
    publish: 'servers',
    members: 'servers',
    history: 'none',
    presence: 'none',
  },
  '@user': {
    subscribe: 'owner',
    publish: 'servers',
    members: 'servers',
    history: { hours: 24 },
    presence: 'none',
  },
};

/** A configuration as its author writes it. */
export interface DeclaredConfig<Actions extends OwnActions = OwnActions>
  extends Omit<FanfareConfig<Actions>, 'builtIn'> {
  /**
   * The channels every connection has from the start.
   *
   * @default signed-in users subscribe to `@all`, and each to the own inbox, which keeps 24 hours. Only servers publish.
   */
  readonly builtIn?: FanfareConfig['builtIn'];
}

/** The facts on which a configuration may depend. */
export interface StageInfo {
  /** True on a laptop (`npm start`), false for everything that is deployed. */
  readonly local: boolean;
}

/**
 * Declares the configuration as a function of the stage.
 *
 * @throws Error when it is asked for, if a namespace's presence, delivery, subscriptions or edit rule makes no sense, or a built-in one
 *   has `onSubscribe`.
 * @example
 * export default defineConfig(({ local }) => ({ namespaces: { chat: { subscribe: 'signed-in', ... } }, ... }));
 */
export function defineConfig<Actions extends OwnActions = Record<never, never>>(
  config: (stage: StageInfo) => DeclaredConfig<Actions>,
): (stage: StageInfo) => FanfareConfig<Actions> {
  return (stage) => {
    const declared = { builtIn: BUILT_IN, ...config(stage) };
    for (const [name, policy] of Object.entries({ ...declared.namespaces, ...declared.builtIn })) {
      checkPresence(name, policy);
      checkDelivery(name, policy);
      checkSubscriptions(name, policy);
      checkHandlers(name, policy);
      checkValues(name, policy);
      checkEdit(name, policy);
    }
    return declared;
  };
}

/** A connection is in its built-in channels before it has sent a command, so `onSubscribe` could not keep it out. */
function checkHandlers(namespace: string, { onSubscribe }: NamespacePolicy): void {
  if (onSubscribe !== undefined && namespace.startsWith('@'))
    throw new Error(
      `${namespace} has onSubscribe: every connection is in a built-in channel from the start, so nothing is asked.`,
    );
}

/** Packed messages are read from the log. */
function checkDelivery(namespace: string, { delivery, history }: NamespacePolicy): void {
  if (delivery === 'packed' && history === 'none')
    throw new Error(
      `${namespace} is packed and keeps no history: packed messages are delivered from the log. Set history, or delivery to 'direct'.`,
    );
}

/** Presence is told by the rows of a channel, and a grouped channel has none of its own. Built-in channels are joined with the handshake. */
function checkSubscriptions(namespace: string, { subscriptions, presence }: NamespacePolicy): void {
  if (subscriptions !== 'grouped') return;
  if (namespace.startsWith('@'))
    throw new Error(
      `${namespace} is grouped: a connection has one built-in channel of each kind, so there is nothing to group.`,
    );
  if (presence !== 'none')
    throw new Error(
      `${namespace} is grouped and has presence: its connections share rows, which tell of no single channel. Set presence to 'none', or subscriptions to 'separate'.`,
    );
}

/** The namespaces whose subscriptions are grouped. */
export function groupedNamespaces({ namespaces }: Pick<FanfareConfig, 'namespaces'>): readonly string[] {
  const policies = Object.entries(namespaces);
  return policies.flatMap(([name, { subscriptions }]) => (subscriptions === 'grouped' ? [name] : []));
}

/** The namespaces whose messages are delivered packed, built-in ones included. */
export function packedNamespaces({ namespaces, builtIn }: FanfareConfig): readonly string[] {
  const policies = Object.entries({ ...namespaces, ...builtIn });
  return policies.flatMap(([name, { delivery }]) => (delivery === 'packed' ? [name] : []));
}

/** A subscriber reads the log of the last minutes, to find values that are being written. */
const LEAST_HISTORY_HOURS = 1;

function checkValues(namespace: string, { history, values }: NamespacePolicy): void {
  if (!values) return;
  const hours = history === 'none' ? 0 : history.hours;
  if (hours < LEAST_HISTORY_HOURS || values.hours < hours)
    throw new Error(
      `${namespace} has values: they need a history of ${LEAST_HISTORY_HOURS} hour or more, and are kept at least as long as it.`,
    );
}

/** Whether a connection without a token has any right. */
export function admitsAnonymous({ namespaces, builtIn, actions = {} }: FanfareConfig): boolean {
  const policies = [...Object.values(namespaces), ...Object.values(builtIn)];
  return (
    policies.some(({ subscribe, publish, members }) => [subscribe, publish, members].includes('anyone')) ||
    Object.values(actions).some(({ access }) => access === 'anyone')
  );
}

/** How long a channel's log is served; `undefined` if the channel keeps no history. */
export function retentionOf({ history }: Pick<NamespacePolicy, 'history'>): Retention | undefined {
  return history === 'none' ? undefined : { retentionMs: history.hours * 60 * 60 * 1000 };
}

/** How long the channel keeps its values; `undefined` if it has none. */
export function keepingOf({ values }: Pick<NamespacePolicy, 'values'>): Keeping | undefined {
  return values && { keptMs: values.hours * 60 * 60 * 1000 };
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
