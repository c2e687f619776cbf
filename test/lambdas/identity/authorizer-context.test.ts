import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sessionOf } from '../../../lambdas/events/gateway-event.ts';
import { contextOf, identityIn } from '../../../lambdas/identity/authorizer-context.ts';
import { type Identity, identityOf } from '../../../lambdas/identity/claims.ts';
import { connectEventFixture, messageEventFixture } from '../gateway-events.ts';

const ann: Identity = { user: 'ann', issuedAt: 1_700_000_000, expiresAt: 1_800_000_000 };
const isShort = (info: unknown) => Buffer.byteLength(JSON.stringify(info)) <= 1_024;
const carried = (info: unknown): unknown => JSON.parse(JSON.stringify(info));
const context = { user: 'ann', issuedAt: '1700000000', expiresAt: '1800000030' };

describe('the context of a connection', () => {
  it('is made of strings, because the platform keeps only strings', () => {
    expect(contextOf({ ...ann, grants: { 'chat:*': ['publish'] } }, 1_800_000_030)).toEqual({
      ...context,
      channels: '{"chat:*":["publish"]}',
    });
  });

  it('has no channels when the token has no claim, and an empty claim when the token has one', () => {
    expect(contextOf(ann, 1_800_000_030)).toEqual(context);
    expect(contextOf({ ...ann, grants: {} }, 1_800_000_030)).toEqual({ ...context, channels: '{}' });
  });

  it('has the info as text, and no info when the token has none', () => {
    expect(contextOf({ ...ann, info: { name: 'Ann' } }, 1_800_000_030)).toEqual({
      ...context,
      info: '{"name":"Ann"}',
    });
    expect(contextOf({ ...ann, info: null }, 1_800_000_030)).toEqual({ ...context, info: 'null' });
  });

  it('returns the identity of the token later, for every identity', () => {
    const name = fc.stringMatching(/^[a-z]{1,3}:[a-z@=/]{0,3}\*?$/);
    const claims = fc.record(
      {
        sub: fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
        exp: fc.maxSafeNat(),
        iat: fc.maxSafeNat(),
        channels: fc.dictionary(name, fc.subarray(['subscribe', 'publish', 'members'])),
        // As a token carries it: JSON has no -0.
        info: fc.jsonValue({ maxDepth: 2 }).map(carried).filter(isShort),
      },
      { requiredKeys: ['sub', 'exp'] },
    );

    fc.assert(
      fc.property(claims, (payload) => {
        const identity = identityOf(payload);
        // The platform passes it on as JSON.
        const kept: unknown = JSON.parse(JSON.stringify(contextOf(identity, identity.expiresAt)));

        expect(identityIn({ principalId: 'anybody', integrationLatency: 7, ...Object(kept) })).toEqual(
          identity,
        );
      }),
    );
  });

  it.each([
    undefined,
    null,
    {},
    { principalId: 'anonymous' },
    { principalId: 'ann', integrationLatency: 7 },
    'ann',
  ])('is anonymous without a user: %j', (anonymous) => {
    expect(identityIn(anonymous)).toBeUndefined();
  });

  it.each([
    { user: 'ann' },
    { ...context, issuedAt: undefined },
    { ...context, expiresAt: undefined },
    { ...context, expiresAt: '' },
    { ...context, expiresAt: '1e99' },
    { ...context, expiresAt: '-1' },
    { ...context, expiresAt: '1800000000.5' },
    { ...context, expiresAt: 1_800_000_000 },
    { ...context, issuedAt: 'yesterday' },
    { ...context, user: 7 },
    { ...context, user: null },
    { ...context, channels: '' },
    { ...context, channels: 'chat:*' },
    { ...context, channels: '{"ch*":["publish"]}' },
    { ...context, channels: { 'chat:*': ['publish'] } },
  ])('is never half an identity: %j', (half) => {
    expect(() => identityIn(half)).toThrow();
  });
});

describe('what a client sends', () => {
  const forged = { ...context, user: 'bob', channels: '{"*":["subscribe","publish","members"]}' };
  const signedIn = messageEventFixture(undefined, 'ann');

  it.each([
    [
      'a body',
      { ...messageEventFixture(JSON.stringify({ requestContext: { authorizer: forged }, ...forged })) },
    ],
    ['headers', connectEventFixture({ authorizer: JSON.stringify(forged), user: 'bob', 'x-user': 'bob' })],
    ['a query', { ...connectEventFixture(), queryStringParameters: { ...forged } }],
    ['members beside those of the platform', { ...connectEventFixture(), authorizer: forged, ...forged }],
  ])('never becomes the context: %s', (_what, event) => {
    expect(sessionOf(event)).toMatchObject({ user: undefined });
    expect(sessionOf(event)).not.toHaveProperty('grants');
    expect(sessionOf({ ...event, ...signedIn })).toEqual(sessionOf(signedIn));
    expect(sessionOf(signedIn)).toMatchObject({ user: 'ann' });
  });
});
