/** Renewals of the row by which the connections of a user are counted. */

import { describe, expect, it } from 'vitest';
import config from '../../../../fanfare.config.ts';
import { gives, renewalOf } from '../../../../lambdas/realtime/connections/renewal.ts';
import { sessionFixture } from '../../sessions.ts';

const LEASE = 1_000;
const HOME = { channel: '@user:ann', shard: 0 };

const renewed = (channels?: Record<string, 'subscribe'[]>, info?: unknown) =>
  renewalOf(
    config({ local: true }),
    sessionFixture({
      user: 'ann',
      expiresAt: 2_000,
      ...(info !== undefined && { info }),
      ...(channels && { grants: channels }),
    }),
    HOME,
    LEASE,
  );

describe('the home row of a session over HTTP', () => {
  it('still gets messages after a renewal by a token that gives the inbox', () => {
    expect(renewed()).toEqual({ expiresAt: LEASE, grantUntil: 2_000 });
  });

  it.each([[undefined], [{ 'chat:*': ['subscribe' as const] }]])(
    'has the info of the token that renews it, with the rights %j',
    (channels) => {
      expect(renewed(channels, 'Anna')).toMatchObject({ info: 'Anna' });
    },
  );

  it('still counts but gets no messages after a renewal by a token that does not give it', () => {
    const renewal = renewed({ 'chat:*': ['subscribe'] });

    expect(renewal).toEqual({ expiresAt: LEASE, grantUntil: 2_000, isDeaf: true });
    expect(gives(renewal, 'messages', 0)).toBe(false);
  });
});
