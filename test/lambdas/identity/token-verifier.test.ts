/** Facts of all tokens, tested with random ones. */

import { inspect } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InvalidToken, tokenVerifier, type Verify } from '../../../lambdas/identity/token-verifier.ts';
import { oneSecret } from '../../memory/one-secret.ts';
import {
  claimsFixture,
  NOW,
  type Provider,
  rsaKey,
  sign,
  signBySecret,
  startProvider,
  unsigned,
} from './provider.ts';

const SECRET = 'a-secret-of-this-stage-a-secret-of-this-stage';
const key = rsaKey('first');

/** All reasons for a refused token. */
const REASONS = [
  'unknown issuer',
  'bad claims',
  'expired',
  ...['iss', 'aud', 'sub', 'exp', 'nbf', 'iat'].map((claim) => `claim ${claim}`),
  ...['JWT_INVALID', 'JWS_INVALID', 'JWS_SIGNATURE_VERIFICATION_FAILED'].map((code) => `ERR_${code}`),
  ...['JOSE_ALG_NOT_ALLOWED', 'JOSE_NOT_SUPPORTED', 'JWKS_NO_MATCHING_KEY'].map((code) => `ERR_${code}`),
  'ERR_JWKS_MULTIPLE_MATCHING_KEYS',
];

/** Anything, or one of the values around which claims and headers are checked. */
const odd = (...values: unknown[]) =>
  fc.oneof(fc.constantFrom(...values), fc.string(), fc.jsonValue({ maxDepth: 2 }));
const time = odd(NOW - 1e6, NOW - 30, NOW, NOW + 3_600, 0, -1, 1e300, 0.5, null);

const oddClaims = {
  iss: odd('fanfare', 'https://id.example.com/', '__proto__', ['fanfare']),
  aud: odd('prod', 'fanfare', ['prod'], ['fanfare', 1], {}),
  sub: fc.oneof(
    fc.string({ minLength: 8, maxLength: 40, unit: 'grapheme' }),
    odd('', '\ud800', 'x'.repeat(500)),
  ),
  exp: time,
  nbf: time,
  iat: time,
  channels: odd({ 'chat:*': ['publish'] }, {}, { 'ch*': [] }, { 'chat:a': ['admin'] }),
};
const oddClaim = fc.oneof(
  ...Object.entries(oddClaims).map(([claim, values]) => values.map((value) => ({ [claim]: value }))),
);
/** Most parts are valid, so that the checks of the odd ones are reached. */
const likely = fc
  .tuple(fc.constantFrom({}, { iss: 'fanfare', aud: 'prod' }), fc.array(oddClaim, { maxLength: 2 }))
  .map(([issuer, changes]) => claimsFixture(Object.assign({}, issuer, ...changes)));
const header = fc.record(
  {
    alg: odd('HS256', 'RS256', 'none', 'PS256', 'ES256'),
    kid: odd('first', '../first'),
    typ: odd('JWT'),
    crit: odd(['b64'], ['x'], []),
    b64: odd(false, true),
    jwk: odd(key.jwk),
  },
  { requiredKeys: ['alg'] },
);

const tokens = fc.oneof(
  fc.string({ unit: 'binary' }).map(async (text) => text),
  fc.array(fc.base64String(), { minLength: 2, maxLength: 4 }).map(async (parts) => parts.join('.')),
  fc
    .tuple(fc.oneof(likely, fc.jsonValue()), fc.oneof(header, fc.jsonValue()), fc.base64String())
    .map(async (parts) => unsigned(...parts)),
  likely.map((signed) => signBySecret(SECRET, signed)),
  likely.map((signed) => sign(key, signed)),
  // A good token with one changed character.
  fc.tuple(fc.nat(), fc.constantFrom('A', '.', '=', '-', 'é')).map(async ([place, character]) => {
    const token = await signBySecret(SECRET, claimsFixture({ iss: 'fanfare', aud: 'prod' }));
    const at = place % token.length;
    return token.slice(0, at) + character + token.slice(at + 1);
  }),
);

/** The texts by which a reader of the log could reconstruct a token: its parts, and the names and values in them. */
function partsOf(token: string): string[] {
  const parts = token.split('.');
  const texts = parts.map((part) => Buffer.from(part, 'base64url').toString());
  const words = texts.flatMap((text) => text.split(/["\\{}[\],:]+/));
  return [token, ...parts, ...words].filter((part) => part.length >= 8);
}

describe('every token', () => {
  let provider: Provider;
  let verify: Verify;

  beforeAll(async () => {
    provider = await startProvider(key);
    verify = tokenVerifier({
      audience: 'prod',
      secrets: oneSecret(SECRET),
      issuers: [provider.issuer],
      clockSkewSeconds: 30,
      now: () => NOW * 1000,
    });
  });
  afterAll(() => provider.close());

  it('is accepted, or refused with a fixed reason that quotes nothing of the token', async () => {
    const seen = new Set<string>();
    const property = fc.asyncProperty(tokens, async (made) => {
      const token = await made;
      const outcome: unknown = await verify(token).catch((error) => error);
      seen.add(outcome instanceof Error ? outcome.message : 'accepted');
      if (!(outcome instanceof Error)) return;

      expect(outcome).toBeInstanceOf(InvalidToken);
      expect(REASONS).toContain(outcome.message);
      // The library's error has the claims in it.
      expect(outcome.cause).toBeUndefined();
      const said = inspect({ ...outcome, message: outcome.message });
      expect(partsOf(token).filter((part) => said.includes(part))).toEqual([]);
    });
    await fc.assert(property, { numRuns: 2_000 });

    // Or the client sent no token.
    expect([...seen]).toEqual(
      expect.arrayContaining(['accepted', 'expired', 'bad claims', 'unknown issuer']),
    );
  });
});
