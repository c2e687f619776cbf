import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALL, isBuiltIn, parseChannel, userChannel } from '../../packages/protocol/src/channel.ts';
import { CHANNEL_LENGTH } from '../../packages/protocol/src/limits.ts';

/** Any text that has bytes: half a surrogate pair has none, and no identity is made of it (`identity/claims.ts`). */
const users = fc.string({ unit: 'binary', minLength: 1, maxLength: 10 });

describe('the channel of a user', () => {
  it.each(['ann', 'ann@example.com', 'A-b_c', '0123', 'a:b/c;d,e.f', '5f7c2d1e-8a34-4f0b-9c1d-2e3f4a5b6c7d'])(
    'of the ordinary id %j has that id as its name',
    (user) => {
      expect(userChannel(user)).toBe(`@user:${user}`);
    },
  );

  it.each([
    ['auth0|5f7c', '@user:auth0=7C5f7c'],
    ['a=b', '@user:a=3Db'],
    ['=41', '@user:=3D41'],
    ['a b', '@user:a=20b'],
    ['*', '@user:=2A'],
    ['\u0000', '@user:=00'],
    ['ä', '@user:=C3=A4'],
    ['🔑', '@user:=F0=9F=94=91'],
    ['\ufffd', '@user:=EF=BF=BD'],
  ])('of %j is %s', (user, channel) => {
    expect(userChannel(user)).toBe(channel);
  });

  it('is a channel of the namespace @user, for every id', () => {
    fc.assert(
      fc.property(users, (user) => {
        const channel = userChannel(user);

        expect(parseChannel(channel)).toEqual({ namespace: '@user', name: channel.slice('@user:'.length) });
        expect(isBuiltIn(channel)).toBe(true);
      }),
    );
  });

  it('belongs to one user only: the id can be read from it, for every id', () => {
    fc.assert(
      fc.property(users, (user) => {
        const name = userChannel(user).slice('@user:'.length);

        expect(decodeURIComponent(name.replaceAll('=', '%'))).toBe(user);
      }),
      { numRuns: 1_000 },
    );
  });

  it('differs for an id that looks like the written form of another one', () => {
    const user = fc.stringMatching(/^[=7Cc|a]{1,6}$/);

    fc.assert(
      fc.property(user, user, (one, other) => {
        expect(userChannel(one) === userChannel(other)).toBe(one === other);
      }),
      { numRuns: 1_000 },
    );
  });

  it('does not exist without an id', () => {
    expect(parseChannel(userChannel(''))).toBeUndefined();
  });
});

describe('a channel name', () => {
  it('is a namespace and a name, which the first colon separates', () => {
    expect(parseChannel('chat:a:b')).toEqual({ namespace: 'chat', name: 'a:b' });
  });

  it('may be as long as the limit and not longer', () => {
    const ofLength = (length: number) => `open:${'x'.repeat(length - 5)}`;

    expect(parseChannel(ofLength(CHANNEL_LENGTH))).toBeDefined();
    expect(parseChannel(ofLength(CHANNEL_LENGTH + 1))).toBeUndefined();
  });

  it.each([
    '@ALL',
    '@all:x',
    '@user',
    '@user:',
    '@users:ann',
    '@:x',
    'open:x\n',
    'open:*',
    'a%3Ab',
    'open:%41',
  ])('is not %j', (channel) => {
    expect(parseChannel(channel)).toBeUndefined();
  });

  it('is built in for all connections and for one user', () => {
    expect(parseChannel(ALL)).toEqual({ namespace: ALL, name: '' });
    expect([ALL, '@user:ann', '@user', 'chat:@user:ann'].map(isBuiltIn)).toEqual([true, true, false, false]);
  });
});
