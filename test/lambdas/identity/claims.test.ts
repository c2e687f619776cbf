import { describe, expect, it } from 'vitest';
import { identityOf } from '../../../lambdas/identity/claims.ts';

const claims = { sub: 'ann', exp: 1_800_000_000 };

describe('the identity in a token', () => {
  it('has the user, the start and the end of the token', () => {
    expect(identityOf({ ...claims, iat: 1_700_000_000 })).toEqual({
      user: 'ann',
      issuedAt: 1_700_000_000,
      expiresAt: 1_800_000_000,
    });
  });

  it('has the earliest issue time if the token has none', () => {
    expect(identityOf(claims)).toEqual({ user: 'ann', issuedAt: 0, expiresAt: 1_800_000_000 });
  });

  it('takes nothing from other claims', () => {
    const more = { user: 'bob', expiresAt: 9e9, issuedAt: 9e9, grants: { '*': ['publish'] }, admin: true };

    expect(identityOf({ ...more, ...claims })).toEqual(identityOf(claims));
  });

  it('has no channels when the token does not have the claim, and an empty list when the claim is empty', () => {
    expect(identityOf(claims)).not.toHaveProperty('grants');
    expect(identityOf({ ...claims, channels: {} })).toMatchObject({ grants: {} });
  });

  it.each([null, [['chat:*']], 'chat:*', { 'ch*': ['publish'] }, { 'chat:*': ['admin'] }])(
    'cannot have the channels %j',
    (channels) => {
      expect(() => identityOf({ ...claims, channels })).toThrow();
    },
  );

  it.each([{ name: 'Ann' }, 'Ann', 7, null, true, [], { deep: { er: [null] } }, '\u{1F600}'.repeat(255)])(
    'has the info %j',
    (info) => {
      expect(identityOf({ ...claims, info })).toMatchObject({ info });
    },
  );

  it('has no info when the token does not have the claim', () => {
    expect(identityOf(claims)).not.toHaveProperty('info');
  });

  it('has at most 1 KB of info as JSON, counted in bytes', () => {
    expect(identityOf({ ...claims, info: 'x'.repeat(1_022) })).toHaveProperty('info');
    expect(() => identityOf({ ...claims, info: 'x'.repeat(1_023) })).toThrow('1024 bytes');
    expect(() => identityOf({ ...claims, info: '\u{1F600}'.repeat(256) })).toThrow('1024 bytes');
    expect(() => identityOf({ ...claims, info: { a: 'x'.repeat(1_020) } })).toThrow('1024 bytes');
  });

  it('ends and begins at whole seconds, never later than the token says', () => {
    expect(identityOf({ sub: 'ann', exp: 1_800_000_000.9, iat: 1_700_000_000.9 })).toMatchObject({
      expiresAt: 1_800_000_000,
      issuedAt: 1_700_000_000,
    });
  });

  it.each([undefined, null, '1800000000', Number.NaN, -1, Number.POSITIVE_INFINITY, 2 ** 53, 1e300, true])(
    'cannot end at %j',
    (exp) => {
      expect(() => identityOf({ sub: 'ann', exp })).toThrow();
    },
  );

  it.each([null, '0', Number.NaN, -1, 2 ** 53])('cannot have the time of issue %j', (iat) => {
    expect(() => identityOf({ ...claims, iat })).toThrow();
  });

  it('may end at the largest safe number', () => {
    expect(identityOf({ sub: 'ann', exp: Number.MAX_SAFE_INTEGER })).toMatchObject({
      expiresAt: Number.MAX_SAFE_INTEGER,
    });
  });

  it.each([
    'a',
    'auth0|5f7c',
    'ann@example.com',
    'größe',
    '🔑',
    '__proto__',
    ' ',
    'x'.repeat(158),
    'ä'.repeat(26),
  ])('may be that of %j', (sub) => {
    expect(identityOf({ ...claims, sub })).toMatchObject({ user: sub });
  });

  it.each([undefined, null, '', 7, [['ann']], { toString: 'ann' }])('cannot be that of %j', (sub) => {
    expect(() => identityOf({ ...claims, sub })).toThrow();
  });

  it.each(['x'.repeat(159), 'ä'.repeat(27)])(
    'cannot be that of a user whose channel would have too long a name: %j',
    (sub) => {
      expect(() => identityOf({ ...claims, sub })).toThrow('the name is too long');
    },
  );

  it.each(['\ud800', 'ann\udfff', '\udc00\ud800', 'a\ud83db'])(
    'cannot be that of half a character, which is another one in the store: %j',
    (sub) => {
      expect(() => identityOf({ ...claims, sub })).toThrow('the name is not Unicode');
    },
  );

  it.each([null, undefined, 'ann', 7, [[]]])('is not in %j', (payload) => {
    expect(() => identityOf(payload)).toThrow();
  });
});
