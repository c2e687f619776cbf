import { describe, expect, it } from 'vitest';
import config from '../../../fanfare.config.ts';
import { authorize, type Permission } from '../../../lambdas/realtime/permissions.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import { sessionFixture } from '../sessions.ts';

const deployed = config({ local: false });
const local = config({ local: true });

function verdict(
  policies: typeof deployed,
  user: string | undefined,
  permission: Permission,
  channel: string,
): string {
  try {
    authorize(policies, sessionFixture({ user }), permission, channel);
    return 'allowed';
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
}

/** channel, permission, verdict for nobody, for ann, for bob */
const table: readonly (readonly [string, Permission, string, string, string])[] = [
  ['public:news', 'subscribe', 'allowed', 'allowed', 'allowed'],
  ['public:news', 'publish', 'forbidden', 'forbidden', 'forbidden'],
  ['chat:room', 'subscribe', 'unauthenticated', 'allowed', 'allowed'],
  ['chat:room', 'publish', 'unauthenticated', 'allowed', 'allowed'],
  ['live:cursors', 'subscribe', 'allowed', 'allowed', 'allowed'],
  ['live:cursors', 'publish', 'unauthenticated', 'allowed', 'allowed'],
  ['open:lobby', 'subscribe', 'forbidden', 'forbidden', 'forbidden'],
  ['open:lobby', 'publish', 'forbidden', 'forbidden', 'forbidden'],
  ['@all', 'subscribe', 'allowed', 'allowed', 'allowed'],
  ['@all', 'publish', 'forbidden', 'forbidden', 'forbidden'],
  ['@user:ann', 'subscribe', 'unauthenticated', 'allowed', 'forbidden'],
  ['@user:ann', 'publish', 'forbidden', 'forbidden', 'forbidden'],
  ['unknown:x', 'subscribe', 'forbidden', 'forbidden', 'forbidden'],
  ['constructor:x', 'subscribe', 'forbidden', 'forbidden', 'forbidden'],
  ['__proto__:x', 'publish', 'forbidden', 'forbidden', 'forbidden'],
];

describe('permissions on a deployed stage', () => {
  it.each(table)('%s, %s: nobody %s, ann %s, bob %s', (channel, permission, nobody, ann, bob) => {
    expect(verdict(deployed, undefined, permission, channel)).toBe(nobody);
    expect(verdict(deployed, 'ann', permission, channel)).toBe(ann);
    expect(verdict(deployed, 'bob', permission, channel)).toBe(bob);
  });
});

describe('permissions on the local stage', () => {
  it('let anyone do anything in the namespace open', () => {
    expect(verdict(local, undefined, 'subscribe', 'open:lobby')).toBe('allowed');
    expect(verdict(local, undefined, 'publish', 'open:lobby')).toBe('allowed');
  });

  it('let anyone publish to everyone', () => {
    expect(verdict(local, undefined, 'publish', '@all')).toBe('allowed');
  });

  it('are those of a deployed stage everywhere else', () => {
    expect(verdict(local, undefined, 'publish', 'public:news')).toBe('forbidden');
    expect(verdict(local, undefined, 'subscribe', 'chat:room')).toBe('unauthenticated');
  });
});
