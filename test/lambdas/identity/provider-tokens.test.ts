/** Tokens of a provider that publishes its keys, with real keys. */

import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Issuer } from '../../../lambdas/identity/issuer.ts';
import { signOwnToken } from '../../../lambdas/identity/own-token.ts';
import { InvalidToken, tokenVerifier } from '../../../lambdas/identity/token-verifier.ts';
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
import { refusal } from './refusal.ts';

const SECRET = 'a-secret-of-this-stage-a-secret-of-this-stage';
const [first, second] = [rsaKey('first'), rsaKey('second')];

let provider: Provider;
const verifierFor = (...issuers: readonly Issuer[]) =>
  tokenVerifier({
    audience: 'prod',
    secrets: oneSecret(SECRET),
    issuers,
    clockSkewSeconds: 30,
    now: () => NOW * 1000,
  });

describe('a token of a provider', () => {
  beforeEach(async () => {
    provider = await startProvider(first);
  });
  afterEach(() => provider.close());

  it.each([
    [-1e6, 'accepted'],
    [0, 'accepted'],
    [30, 'accepted'],
    [30.9, 'accepted'],
    [31, 'claim iat'],
    [1e6, 'claim iat'],
  ])('that was issued %d seconds from now is %s', async (ahead, outcome) => {
    const token = sign(first, claimsFixture({ iat: NOW + ahead, exp: NOW + 2e6 }));

    const answer = token.then(verifierFor(provider.issuer)).then(
      () => 'accepted',
      (error: unknown) => (error instanceof InvalidToken ? error.message : error),
    );

    expect(await answer).toBe(outcome);
  });

  it('is for a user of its issuer if the issuer has a prefix, and for no user of another', async () => {
    const other = { ...provider.issuer, issuer: 'https://other.example.com/', userPrefix: 'other|' };
    const verify = verifierFor(provider.issuer, other);
    const ofOther = (sub: string) => sign(first, claimsFixture({ iss: other.issuer, sub })).then(verify);

    expect(await ofOther('ann')).toMatchObject({ user: 'other|ann' });
    expect(await sign(first).then(verify)).toMatchObject({ user: 'ann' });
    await expect(sign(first, claimsFixture({ sub: 'other|ann' })).then(verify)).rejects.toThrow(
      "another issuer's user",
    );
    await expect(ofOther('x'.repeat(153))).rejects.toThrow('bad claims');
    expect(
      await signBySecret(SECRET, claimsFixture({ iss: 'fanfare', aud: 'prod' })).then(verify),
    ).toMatchObject({
      user: 'ann',
    });
  });

  it('has a user and an end', async () => {
    const verify = verifierFor(provider.issuer);

    expect(await verify(await sign(first))).toEqual({ user: 'ann', issuedAt: NOW, expiresAt: NOW + 3_600 });
  });

  it.each([
    ['another audience', { aud: 'other' }, 'claim aud'],
    ['the stage as its audience', { aud: 'prod' }, 'claim aud'],
    ['no audience', { aud: undefined }, 'claim aud'],
    ['another issuer', { iss: 'https://id.example.com' }, 'unknown issuer'],
    ['no end', { exp: undefined }, 'claim exp'],
    ['an end that has passed', { exp: NOW - 30 }, 'expired'],
    ['no user', { sub: undefined }, 'claim sub'],
    ['channels that are none', { channels: { '*:x': ['publish'] } }, 'bad claims'],
  ])('is refused when it has %s', async (_what, more, reason) => {
    const verify = verifierFor(provider.issuer);

    expect(await refusal(verify(await sign(first, claimsFixture(more))))).toBe(reason);
  });

  it('is refused when a key signed it that is not published', async () => {
    const verify = verifierFor(provider.issuer);

    expect(await refusal(verify(await sign(second)))).toBe('ERR_JWKS_NO_MATCHING_KEY');
    expect(await refusal(verify(await sign({ ...second, kid: 'first' })))).toBe(
      'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    );
  });

  it('is refused without a signature, and no key is fetched', async () => {
    const verify = verifierFor(provider.issuer);

    expect(await refusal(verify(unsigned(claimsFixture())))).toBe('ERR_JOSE_ALG_NOT_ALLOWED');
    expect(await refusal(verify(unsigned(claimsFixture(), { alg: 'RS256', kid: 'first' })))).toBe(
      'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    );
    expect(provider.requests()).toBe(1);
  });

  it.each([
    ['PEM', first.publicKey.export({ type: 'spki', format: 'pem' }).toString()],
    ['PEM of the other kind', first.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString()],
    ['JWK', JSON.stringify(first.jwk)],
    ['modulus', String(first.publicKey.export({ format: 'jwk' }).n)],
  ])('is refused when the %s of the public key signed it as a secret', async (_form, secret) => {
    const token = await signBySecret(secret, claimsFixture(), { kid: 'first' });
    // Even if the list has a mistake, which its schema refuses: a public key is not a secret.
    const listed = { ...provider.issuer, algorithms: ['RS256', 'HS256'] };

    expect(await refusal(verifierFor(provider.issuer)(token))).toBe('ERR_JOSE_ALG_NOT_ALLOWED');
    // @ts-expect-error HS256 is no algorithm of an issuer.
    expect(await refusal(verifierFor(listed)(token))).toBe('ERR_JOSE_NOT_SUPPORTED');
  });

  it('is refused when its algorithm is not on the list, though the key is good for it', async () => {
    const token = await sign(first, claimsFixture(), 'PS256');

    expect(await refusal(verifierFor(provider.issuer)(token))).toBe('ERR_JOSE_ALG_NOT_ALLOWED');
    expect(await refusal(verifierFor({ ...provider.issuer, algorithms: ['PS256'] })(token))).toBe('accepted');
  });

  it('may be signed with elliptic curves', async () => {
    const [p256, ed25519] = [
      generateKeyPairSync('ec', { namedCurve: 'P-256' }),
      generateKeyPairSync('ed25519'),
    ];
    provider.published.push({ ...p256.publicKey.export({ format: 'jwk' }), kid: 'p256' });
    provider.published.push({ ...ed25519.publicKey.export({ format: 'jwk' }), kid: 'ed25519' });
    const verify = verifierFor({ ...provider.issuer, algorithms: ['ES256', 'EdDSA'] });

    expect(await refusal(verify(await sign({ ...p256, kid: 'p256' }, claimsFixture(), 'ES256')))).toBe(
      'accepted',
    );
    expect(await refusal(verify(await sign({ ...ed25519, kid: 'ed25519' }, claimsFixture(), 'EdDSA')))).toBe(
      'accepted',
    );
    expect(await refusal(verify(await sign(first)))).toBe('ERR_JOSE_ALG_NOT_ALLOWED');
  });

  it('is good for its own issuer only, though another one is trusted', async () => {
    const other = await startProvider(second);
    const verify = verifierFor(provider.issuer, { ...other.issuer, issuer: 'https://other.example.com/' });
    const claims = claimsFixture({ iss: 'https://other.example.com/' });

    expect(await refusal(verify(await sign(second, claims)))).toBe('accepted');
    expect(await refusal(verify(await sign(first, claims)))).toBe('ERR_JWKS_NO_MATCHING_KEY');
    await other.close();
  });

  it('is never a token of the stage, for every list of issuers', async () => {
    const verify = verifierFor({ ...provider.issuer, issuer: 'fanfare', audience: 'prod' });
    const claims = { user: 'ann', audience: 'prod', issuedAt: NOW, expiresAt: NOW + 3_600 };

    expect(await refusal(verify(await sign(first, claimsFixture({ iss: 'fanfare', aud: 'prod' }))))).toBe(
      'ERR_JOSE_ALG_NOT_ALLOWED',
    );
    expect(await refusal(verify(await signOwnToken(SECRET, claims)))).toBe('accepted');
    expect(provider.requests()).toBe(0);
  });

  it('is not signed with the secret of the stage', async () => {
    expect(await refusal(verifierFor(provider.issuer)(await signBySecret(SECRET, claimsFixture())))).toBe(
      'ERR_JOSE_ALG_NOT_ALLOWED',
    );
  });
});
