/** The lifetime that a token states. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lifetimeMs } from '../../packages/client/src/lib/settings/token-lifetime.ts';
import { jsonWebToken, rawToken } from './json-web-token.ts';

const NOW = 1_790_000_000;
const left = (token: string | undefined) => lifetimeMs(token, NOW * 1_000);

describe('the lifetime of a token', () => {
  it.each([
    ['its end', { exp: NOW + 60 }, 60_000],
    ['its end, not its age', { exp: NOW + 60, iat: NOW - 3_600 }, 60_000],
    [
      'no more than it had when it was issued, on a clock that is behind',
      { exp: NOW + 4_200, iat: NOW + 3_600 },
      600_000,
    ],
    ['parts of a second', { exp: NOW + 0.5 }, 500],
  ])('is known by %s', (_, claims, expected) => {
    expect(left(jsonWebToken(claims))).toBe(expected);
  });

  it.each([
    ['names in any script', { name: 'Zoë Ångström 李 🎺', exp: NOW + 60 }],
    ['all that base64 and base64url write differently', { text: '>>>???~~~ÿþ¿¾', exp: NOW + 60 }],
    ['text that needs escapes', { text: '"\\\n\u0000', exp: NOW + 60 }],
  ])('is read behind %s', (_, claims) => {
    expect(left(jsonWebToken(claims))).toBe(60_000);
  });

  it('is read beside all other claims, with every padding', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 1e9 }), (text, seconds) => {
        expect(left(jsonWebToken({ text, exp: NOW + seconds }))).toBe(seconds * 1_000);
      }),
    );
  });

  it.each([
    ['nothing at all', undefined],
    ['nothing', ''],
    ['a password', 'correct horse battery staple'],
    ['dots', '....'],
    ['what is not base64', 'a.%%%.c'],
    ['what is not JSON', rawToken('exp')],
    ['null', rawToken('null')],
    ['a number', rawToken('7')],
    ['a list', rawToken('[1]')],
    ['no end', jsonWebToken({ sub: 'ann' })],
    ['no number for an end', jsonWebToken({ exp: 'tomorrow' })],
    ['an object for an end', rawToken('{"exp":{"valueOf":1,"toString":1}}')],
    ['an end that is null', jsonWebToken({ exp: null })],
    ['an issue that is no number', jsonWebToken({ exp: NOW + 60, iat: 'today' })],
    ['an end in the past', jsonWebToken({ exp: NOW - 1 })],
    ['an end that is now', jsonWebToken({ exp: NOW })],
    ['an end before its issue', jsonWebToken({ exp: NOW + 60, iat: NOW + 61 })],
  ])('is not known from %s', (_, token) => {
    expect(left(token)).not.toBeGreaterThan(0);
  });

  it('is known or unknown for every text, and never causes an error', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.json().map(rawToken), fc.jsonValue().map(jsonWebToken)),
        (token) => {
          expect(typeof left(token)).toBe('number');
        },
      ),
    );
  });
});
