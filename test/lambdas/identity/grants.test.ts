import { type Grants, grants, permissions } from 'fanfare-protocol/grants';
import { CHANNEL_LENGTH, GRANTS_BYTES } from 'fanfare-protocol/limits';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { isGranted } from '../../../lambdas/identity/grants.ts';

const isAccepted = (claim: unknown) => v.is(grants, claim);
const naming = (pattern: string): Grants => ({ [pattern]: ['publish'] });

describe('the channels of a token', () => {
  it.each([
    'chat:room-1',
    'chat:room-*',
    'chat:*',
    '*',
    'a_B-9:x',
    '@all',
    '@user:ann',
    '@user:*',
    'chat:a:b/c;d=e@f,g.h-i_j*',
    `chat:${'x'.repeat(CHANNEL_LENGTH - 5)}`,
  ])('may name %j', (pattern) => {
    expect(v.parse(grants, naming(pattern))).toEqual(naming(pattern));
  });

  it.each([
    '',
    'chat',
    'ch*',
    '*:x',
    '*:*',
    '**',
    'chat:a*b',
    'chat:**',
    'chat:ä',
    'chat:a b',
    'chat:x\n',
    '@all*',
    '@all:x',
    '@user',
    '@users:*',
    '@*',
    `chat:${'x'.repeat(CHANNEL_LENGTH - 4)}`,
  ])('cannot name %j', (pattern) => {
    expect(isAccepted(naming(pattern))).toBe(false);
  });

  it.each([
    [['history']],
    [['Subscribe']],
    [['subscribe', 'admin']],
    [['toString']],
    [['']],
    [[1]],
    [[null]],
    'subscribe',
    { 0: 'subscribe' },
    null,
    true,
  ])('cannot give %j', (given) => {
    expect(isAccepted({ 'chat:*': given })).toBe(false);
  });

  it.each([null, 7, 'chat:*', true, [['chat:*']]])('are not %j', (claim) => {
    expect(isAccepted(claim)).toBe(false);
  });

  it('may be none, also as an empty list, and a channel may be given nothing', () => {
    expect(v.parse(grants, {})).toEqual({});
    expect(v.parse(grants, [])).toEqual({});
    expect(v.parse(grants, { 'chat:*': [] })).toEqual({ 'chat:*': [] });
  });

  it('are read up to their size as JSON and not beyond', () => {
    // 40 names in 40 x 6 characters of JSON and the two of the braces, less the comma that the last one does not have.
    const room = GRANTS_BYTES - 1 - 40 * 6;
    const nameOf = (index: number) => `a:${String(index).padStart(94, '0')}`;
    const names = Array.from({ length: 39 }, (_, index) => nameOf(index));
    const claim = (length: number) =>
      Object.fromEntries([...names, `b:${'x'.repeat(length - 2)}`].map((name) => [name, []]));

    expect(JSON.stringify(claim(room - 39 * 96))).toHaveLength(GRANTS_BYTES);
    expect(isAccepted(claim(room - 39 * 96))).toBe(true);
    expect(isAccepted(claim(room - 39 * 96 + 1))).toBe(false);
  });

  it.each(['__proto__', 'constructor', 'prototype'])('give nothing by the name %j', (name) => {
    const claim: unknown = JSON.parse(`{${JSON.stringify(name)}:["publish"],"chat:a":["publish"]}`);
    const read = v.parse(grants, claim);

    expect(Object.entries(read)).toEqual([['chat:a', ['publish']]]);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect(isGranted(read, 'publish', name)).toBe(false);
  });

  it.each(['toString', 'hasOwnProperty', 'valueOf'])('cannot have the name %j', (name) => {
    expect(isAccepted(naming(name))).toBe(false);
    expect(isGranted({}, 'publish', name)).toBe(false);
  });
});

describe('a permission', () => {
  it.each([
    ['chat:a', 'chat:a', true],
    ['chat:a', 'chat:ab', false],
    ['chat:a', 'chat:', false],
    ['chat:a', 'Chat:a', false],
    ['chat:room-*', 'chat:room-1', true],
    ['chat:room-*', 'chat:room-', true],
    ['chat:room-*', 'chat:room', false],
    ['chat:room-*', 'xchat:room-1', false],
    ['chat:*', 'chat:a', true],
    ['chat:*', 'chat2:a', false],
    ['chat:*', 'chat', false],
    // Not a pattern of regular expressions.
    ['chat:a.c', 'chat:abc', false],
    ['*', 'chat:a', true],
    ['*', 'other:b', true],
  ])('for %j is one for %j: %j', (pattern, channel, expected) => {
    expect(isGranted(naming(pattern), 'publish', channel)).toBe(expected);
  });

  it('is limited to the granted actions and channels', () => {
    const claim: Grants = { 'chat:*': ['subscribe'], 'chat:a': ['publish', 'members'] };

    expect(permissions.filter((permission) => isGranted(claim, permission, 'chat:a'))).toEqual([
      'subscribe',
      'publish',
      'members',
    ]);
    expect(permissions.filter((permission) => isGranted(claim, permission, 'chat:b'))).toEqual(['subscribe']);
    expect(permissions.filter((permission) => isGranted(claim, permission, 'open:a'))).toEqual([]);
  });

  it('is refused as a whole claim if one pattern is invalid', () => {
    expect(isAccepted({ ...naming('chat:*'), ...naming('ch*') })).toBe(false);
  });

  it('agrees with the pattern as a regular expression, for every accepted claim', () => {
    const namespace = fc.constantFrom('a', 'b', 'ab');
    const name = fc.stringMatching(/^[ab.:]{0,3}$/);
    const pattern = fc.oneof(
      fc.constant('*'),
      fc
        .tuple(namespace, name, fc.constantFrom('', '*'))
        .map(([space, start, end]) => `${space}:${start}${end}`),
    );
    const claims = fc.dictionary(pattern, fc.subarray([...permissions]), { maxKeys: 3 });
    const channel = fc.tuple(namespace, name).map((parts) => parts.join(':'));
    const regular = (text: string) => new RegExp(`^${text.replaceAll('.', '\\.').replace('*', '.*')}$`);

    fc.assert(
      fc.property(claims, fc.constantFrom(...permissions), channel, (claim, permission, asked) => {
        const named = Object.keys(claim).filter((text) => regular(text).test(asked));

        expect(isGranted(v.parse(grants, claim), permission, asked)).toBe(
          named.some((text) => claim[text]?.includes(permission)),
        );
      }),
      { numRuns: 1_000 },
    );
  });
});
