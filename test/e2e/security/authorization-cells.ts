/** The cells of the authorization matrix: every action on every channel, for every kind of token of every issuer. */

import type { Action } from 'fanfare-protocol/actions';
import { ALL, userChannel } from 'fanfare-protocol/channel';
import type { Permission } from '../../../lambdas/identity/grants.ts';
import type { AccessRule, NamespacePolicy } from '../../../lambdas/realtime/access/namespaces.ts';
import { type Column, type Outcome, outcomeOf } from './authorization-table.ts';
import matrixConfig from './matrix-config.ts';
import { type IssuerName, issuerNames, kindNames, type TokenKind } from './token-kinds.ts';

/** A client with a token or without one. */
export interface Bearer {
  readonly kind: TokenKind;
  readonly issuer: IssuerName;
  /** The user of the token, if there is one. */
  readonly user: string;
}

/** A kind of channel. */
interface Place {
  readonly name: string;
  readonly policy: NamespacePolicy | 'none';
  /** Channels differ by permission, so that a token can name one without naming the next. */
  channel(permission: Permission, user: string): string;
  /** Whether it belongs to the user that asks. */
  readonly isOwn: boolean;
  readonly isBuiltIn: boolean;
}

export interface Cell {
  readonly bearer: Bearer;
  readonly action: Action;
  readonly place: Place;
  readonly channel: string;
  /**
   * As in the table, with exceptions: `400` if the channel keeps no history, `401` for a mark or an edit without a user, `403` for an edit where
   * messages stay as they are, and `404` for another edit, because no message has its number.
   */
  readonly expected: Outcome | '400' | '404';
}

/** The right that an action needs. `everyone` may do the other actions. */
const asked: Readonly<Record<Action, Permission | 'nothing'>> = {
  subscribe: 'subscribe',
  history: 'subscribe',
  values: 'subscribe',
  mark: 'subscribe',
  publish: 'publish',
  edit: 'publish',
  members: 'members',
  unsubscribe: 'nothing',
  ping: 'nothing',
};

export const actionNames: readonly Action[] = [
  'subscribe',
  'history',
  'values',
  'mark',
  'publish',
  'edit',
  'members',
  'ping',
  'unsubscribe',
];

const { namespaces, builtIn } = matrixConfig({ local: true });

export const namespaceNames: readonly string[] = Object.keys(namespaces);

export const places: readonly Place[] = [
  ...Object.entries(namespaces).map(([name, policy]) => namespace(name, policy)),
  // Neither namespace has a policy. One has a name that is a key of every object.
  namespace('unknown', 'none'),
  namespace('constructor', 'none'),
  { name: ALL, policy: builtIn[ALL], channel: () => ALL, isOwn: false, isBuiltIn: true },
  {
    name: 'own inbox',
    policy: builtIn['@user'],
    channel: (_permission, user) => userChannel(user),
    isOwn: true,
    isBuiltIn: true,
  },
  {
    name: "another's inbox",
    policy: builtIn['@user'],
    channel: () => userChannel('somebody else'),
    isOwn: false,
    isBuiltIn: true,
  },
];

function namespace(name: string, policy: Place['policy']): Place {
  return {
    name,
    policy,
    channel: (permission) => `${name}:${permission}`,
    isOwn: false,
    isBuiltIn: false,
  };
}

/** Without a token there is no issuer, so one cell is enough. */
export const bearers: readonly Bearer[] = kindNames.flatMap((kind) =>
  (kind === 'no token' ? issuerNames.slice(0, 1) : issuerNames).map((issuer) => ({
    kind,
    issuer,
    user: `${kind} (${issuer})`,
  })),
);

export const cells: readonly Cell[] = bearers.flatMap((bearer) =>
  actionNames.flatMap((action) => places.map((place) => cellOf(bearer, action, place))),
);

function cellOf(bearer: Bearer, action: Action, place: Place): Cell {
  const permission = asked[action];
  const channel = place.channel(permission === 'nothing' ? 'subscribe' : permission, bearer.user);
  const outcome = outcomeOf(bearer.kind, columnOf(action, place));
  const expected = outcome === 'yes' ? (objectionTo(bearer, action, place) ?? outcome) : outcome;
  return { bearer, action, place, channel, expected };
}

/** The refusal for a bearer that has the permission, but marks without a user or asks for what the channel does not keep. */
function objectionTo(
  { kind }: Bearer,
  action: Action,
  { policy }: Place,
): '400' | '401' | '403' | '404' | undefined {
  if (action === 'edit' && policy !== 'none') {
    if (policy.edit !== 'author') return '403';
    return kind === 'no token' ? '401' : '404';
  }
  if (action === 'mark' && kind === 'no token') return '401';
  if (action === 'values' && policy !== 'none' && !policy.values) return '400';
  const needsHistory = action === 'history' || action === 'mark';
  return needsHistory && policy !== 'none' && policy.history === 'none' ? '400' : undefined;
}

function columnOf(action: Action, { policy, isOwn, isBuiltIn }: Place): Column {
  const permission = asked[action];
  // A client cannot leave a built-in channel. Every client may leave other channels, and ping.
  if (permission === 'nothing') return isBuiltIn && action === 'unsubscribe' ? 'servers' : 'anyone';
  // As closed as can be.
  if (policy === 'none') return 'servers';
  const audience: AccessRule = policy[permission];
  return audience === 'owner' && !isOwn ? 'owner is another' : audience;
}
