import { userChannel } from 'fanfare-protocol/channel';
import { ProtocolError } from 'fanfare-protocol/errors';
import { type Grants, type Permission, permissions } from 'fanfare-protocol/grants';
import { describe, expect, it } from 'vitest';
import config from '../../../../fanfare.config.ts';
import type { AccessRule } from '../../../../lambdas/realtime/access/namespaces.ts';
import { authorize, type Decision, decide } from '../../../../lambdas/realtime/access/permissions.ts';
import { sessionFixture } from '../../sessions.ts';

const CHANNEL = 'chat:room';
const audiences: readonly AccessRule[] = ['anyone', 'signed-in', 'granted', 'owner', 'servers'];

type Row = readonly [
  caller: string,
  grantsFor: (asked: Permission) => Grants | undefined,
  anyone: Decision,
  signedIn: Decision,
  granted: Decision,
  owner: Decision,
  servers: Decision,
];

it('the rights in a channel are to subscribe, to publish, and to see members', () => {
  expect([...permissions].sort()).toEqual(['members', 'publish', 'subscribe']);
});

const others = (asked: Permission) => permissions.filter((permission) => permission !== asked);

/** Each row is for every permission, and for callers with a verified token. */
const signedIn: readonly Row[] = [
  ['without `channels`', () => undefined, 'allowed', 'allowed', 'forbidden', 'forbidden', 'forbidden'],
  ['with empty `channels`', () => ({}), 'allowed', 'forbidden', 'forbidden', 'forbidden', 'forbidden'],
  [
    'that names the channel for it',
    (asked) => ({ [CHANNEL]: [asked] }),
    'allowed',
    'allowed',
    'allowed',
    'forbidden',
    'forbidden',
  ],
  [
    'with a pattern for it',
    (asked) => ({ 'chat:*': [asked] }),
    'allowed',
    'allowed',
    'allowed',
    'forbidden',
    'forbidden',
  ],
  [
    'that names every channel for it',
    (asked) => ({ '*': [asked] }),
    'allowed',
    'allowed',
    'allowed',
    'forbidden',
    'forbidden',
  ],
  [
    'that names the channel for everything else',
    (asked) => ({ [CHANNEL]: others(asked) }),
    'allowed',
    'forbidden',
    'forbidden',
    'forbidden',
    'forbidden',
  ],
  [
    'that names other channels',
    () => ({ 'chat:rooms': [...permissions], 'chat:roo': [...permissions], 'chat:room/*': [...permissions] }),
    'allowed',
    'forbidden',
    'forbidden',
    'forbidden',
    'forbidden',
  ],
];

describe('the decision', () => {
  it.each(signedIn)('about a token %s', (_caller, grantsFor, ...verdicts) => {
    for (const permission of permissions) {
      const grants = grantsFor(permission);
      const caller = { user: 'ann', ...(grants && { grants }) };

      expect(audiences.map((audience) => decide(audience, caller, permission, CHANNEL))).toEqual(verdicts);
    }
  });

  it.each(permissions)(
    'for an anonymous connection that wants to %s is unauthenticated, unless signing in would not help',
    (asked) => {
      // Grants without a user give no right.
      for (const anonymous of [{ user: undefined }, { user: undefined, grants: { '*': [asked] } }]) {
        expect(audiences.map((audience) => decide(audience, anonymous, asked, CHANNEL))).toEqual([
          'allowed',
          'unauthenticated',
          'unauthenticated',
          'unauthenticated',
          'forbidden',
        ]);
      }
    },
  );

  it.each([
    ['ann', undefined, 'allowed'],
    ['ann', {}, 'forbidden'],
    ['ann', { 'chat:room': permissions }, 'forbidden'],
    ['ann', { '@user:an*': permissions }, 'allowed'],
    ['ann', { '*': permissions }, 'allowed'],
    ['bob', undefined, 'forbidden'],
    ['bob', { '*': permissions }, 'forbidden'],
    ['bob', { '@user:ann': permissions }, 'forbidden'],
    ['ann/', undefined, 'forbidden'],
    ['Ann', undefined, 'forbidden'],
    ['', undefined, 'forbidden'],
    [undefined, undefined, 'unauthenticated'],
  ] as const)(
    'about an owned channel depends on the user and the channels of the token: %s with %j',
    (user, claim, verdict) => {
      const grants =
        claim && Object.fromEntries(Object.entries(claim).map(([name, all]) => [name, [...all]]));
      const caller = { user, ...(grants && { grants }) };

      for (const permission of permissions)
        expect(decide('owner', caller, permission, '@user:ann')).toBe(verdict);
    },
  );

  it('knows the owner by an id that no channel name can hold', () => {
    const own = userChannel('auth0|5f7c');

    expect(decide('owner', { user: 'auth0|5f7c' }, 'subscribe', own)).toBe('allowed');
    expect(decide('owner', { user: 'auth0=7C5f7c' }, 'subscribe', own)).toBe('forbidden');
  });
});

const deployed = config({ local: false });
const local = config({ local: true });

type Claims = Readonly<{ user: string | undefined; grants?: Grants }>;

function verdict(policies: typeof deployed, claims: Claims, permission: Permission, channel: string): string {
  try {
    authorize(policies, sessionFixture(claims), permission, channel);
    return 'allowed';
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
}

const anonymous: Claims = { user: undefined };
const ann: Claims = { user: 'ann' };
const bob: Claims = { user: 'bob' };
const reader: Claims = { user: 'bob', grants: { 'chat:room': ['subscribe'] } };

/** channel, permission, decision for anonymous, for ann, for bob, for bob with a token that only reads chat:room */
const table: readonly (readonly [string, Permission, string, string, string, string])[] = [
  ['public:news', 'subscribe', 'allowed', 'allowed', 'allowed', 'allowed'],
  ['public:news', 'publish', 'forbidden', 'forbidden', 'forbidden', 'forbidden'],
  ['public:news', 'members', 'forbidden', 'forbidden', 'forbidden', 'forbidden'],
  ['chat:room', 'subscribe', 'unauthenticated', 'allowed', 'allowed', 'allowed'],
  ['chat:room', 'publish', 'unauthenticated', 'allowed', 'allowed', 'forbidden'],
  ['chat:room', 'members', 'unauthenticated', 'allowed', 'allowed', 'forbidden'],
  ['chat:other', 'subscribe', 'unauthenticated', 'allowed', 'allowed', 'forbidden'],
  ['live:cursors', 'subscribe', 'allowed', 'allowed', 'allowed', 'allowed'],
  ['live:cursors', 'publish', 'unauthenticated', 'allowed', 'allowed', 'forbidden'],
  ['live:cursors', 'members', 'unauthenticated', 'allowed', 'allowed', 'forbidden'],
  ['open:lobby', 'subscribe', 'forbidden', 'forbidden', 'forbidden', 'forbidden'],
  ['open:lobby', 'publish', 'forbidden', 'forbidden', 'forbidden', 'forbidden'],
  ['open:lobby', 'members', 'forbidden', 'forbidden', 'forbidden', 'forbidden'],
  ['packed:lobby', 'subscribe', 'forbidden', 'forbidden', 'forbidden', 'forbidden'],
  ['packed:lobby', 'publish', 'forbidden', 'forbidden', 'forbidden', 'forbidden'],
  ['packed:lobby', 'members', 'forbidden', 'forbidden', 'forbidden', 'forbidden'],
  ['grouped:lobby', 'subscribe', 'forbidden', 'forbidden', 'forbidden', 'forbidden'],
  ['grouped:lobby', 'publish', 'forbidden', 'forbidden', 'forbidden', 'forbidden'],
  ['grouped:lobby', 'members', 'forbidden', 'forbidden', 'forbidden', 'forbidden'],
  ['@all', 'subscribe', 'allowed', 'allowed', 'allowed', 'allowed'],
  ['@all', 'publish', 'forbidden', 'forbidden', 'forbidden', 'forbidden'],
  ['@all', 'members', 'forbidden', 'forbidden', 'forbidden', 'forbidden'],
  ['@user:ann', 'subscribe', 'unauthenticated', 'allowed', 'forbidden', 'forbidden'],
  ['@user:ann', 'publish', 'forbidden', 'forbidden', 'forbidden', 'forbidden'],
  ['@user:ann', 'members', 'forbidden', 'forbidden', 'forbidden', 'forbidden'],
  ['@user:bob', 'subscribe', 'unauthenticated', 'forbidden', 'allowed', 'forbidden'],
  ['unknown:x', 'subscribe', 'forbidden', 'forbidden', 'forbidden', 'forbidden'],
  ['constructor:x', 'subscribe', 'forbidden', 'forbidden', 'forbidden', 'forbidden'],
  ['__proto__:x', 'publish', 'forbidden', 'forbidden', 'forbidden', 'forbidden'],
  ['no channel name', 'subscribe', 'bad-request', 'bad-request', 'bad-request', 'bad-request'],
];

describe('permissions on a deployed stage', () => {
  it.each(table)(
    '%s, %s: anonymous %s, ann %s, bob %s, bob who may only read %s',
    (channel, asked, ...verdicts) => {
      const callers = [anonymous, ann, bob, reader];

      expect(callers.map((claims) => verdict(deployed, claims, asked, channel))).toEqual(verdicts);
    },
  );

  it('are in the table for every namespace and every right', () => {
    const namespaces = [...Object.keys(local.namespaces), ...Object.keys(local.builtIn)];

    expect(namespaces).toEqual(expect.arrayContaining(['chat', '@all', '@user']));
    for (const namespace of namespaces)
      for (const permission of permissions)
        expect(
          table.some(([channel, asked]) => channel.split(':')[0] === namespace && asked === permission),
          `${namespace} ${permission}`,
        ).toBe(true);
  });
});

describe('permissions on the local stage', () => {
  it.each(permissions)(
    'let every client %s in the namespaces open, packed and grouped, with any token',
    (permission) => {
      for (const claims of [anonymous, ann, reader])
        for (const channel of ['open:lobby', 'packed:lobby', 'grouped:lobby'])
          expect(verdict(local, claims, permission, channel)).toBe('allowed');
    },
  );

  it('let anyone publish to everyone', () => {
    expect(verdict(local, anonymous, 'publish', '@all')).toBe('allowed');
  });

  it('are those of a deployed stage everywhere else', () => {
    const same = table.filter(
      ([channel, asked]) =>
        !/^(?:open|packed|grouped):/.test(channel) && !(channel === '@all' && asked === 'publish'),
    );
    expect(same.length).toBeGreaterThan(table.length / 2);
    for (const [channel, asked] of same)
      for (const claims of [anonymous, ann, bob, reader])
        expect(verdict(local, claims, asked, channel)).toBe(verdict(deployed, claims, asked, channel));
  });
});
