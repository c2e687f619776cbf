import { describe, expect, it } from 'vitest';
import { refusalSentence } from '../../../lambdas/identity/refusal-sentence.ts';

/** The reasons of `admission.ts` and `token-verifier.ts`, and that of `jose` for a text that is not a token. */
const reasons = [
  'not by the edge',
  'origin',
  'cross-site',
  'several tokens',
  'bad client',
  'several clients',
  'no token',
  'expired',
  'bad claims',
  'unknown issuer',
  'claim aud',
  'claim nbf',
  'claim sub',
  'claim exp',
  'claim iat',
  "another issuer's user",
  'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
  'ERR_JWKS_NO_MATCHING_KEY',
  'ERR_JWKS_MULTIPLE_MATCHING_KEYS',
  'ERR_JOSE_ALG_NOT_ALLOWED',
  'ERR_JOSE_NOT_SUPPORTED',
  'ERR_JWT_INVALID',
];

describe('the sentence about a refused handshake', () => {
  it.each(reasons)('tells a person what %j means', (reason) => {
    expect(refusalSentence(reason)).toMatch(/^[A-Z].{30,}\.$/);
    expect(refusalSentence(reason)).not.toContain('ERR_');
  });

  it('differs for each reason', () => {
    expect(new Set(reasons.map(refusalSentence)).size).toBe(reasons.length);
  });

  it('is the same for every text that is not a token', () => {
    expect(refusalSentence('ERR_JWS_INVALID')).toBe(refusalSentence('ERR_JWT_INVALID'));
  });
});
