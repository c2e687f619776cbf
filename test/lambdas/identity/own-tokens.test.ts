/** The stage's own tokens, with real signatures. */

import { describe, expect, it } from 'vitest';
import { type OwnToken, signOwnToken } from '../../../lambdas/identity/own-token.ts';
import { tokenVerifier } from '../../../lambdas/identity/token-verifier.ts';
import { oneSecret } from '../../memory/one-secret.ts';
import { claimsFixture, NOW, signBySecret, unsigned } from './provider.ts';
import { refusal } from './refusal.ts';

const SECRET = 'a-secret-of-this-stage-a-secret-of-this-stage';
const SKEW = 30;

const verifierAt = (now: number, secret = SECRET) =>
  tokenVerifier({
    audience: 'prod',
    secrets: oneSecret(secret),
    issuers: [],
    clockSkewSeconds: SKEW,
    now: () => now * 1000,
  });
const verify = verifierAt(NOW);

const ownToken = (more: Partial<OwnToken> = {}, secret = SECRET) =>
  signOwnToken(secret, { user: 'ann', audience: 'prod', issuedAt: NOW, expiresAt: NOW + 3_600, ...more });
const own = { iss: 'fanfare', aud: 'prod' };

describe('a token of the stage', () => {
  it('has a user and an end', async () => {
    expect(await verify(await ownToken())).toEqual({ user: 'ann', issuedAt: NOW, expiresAt: NOW + 3_600 });
  });

  it('has its channels, also when the claim is empty', async () => {
    const channels = { 'chat:*': ['subscribe' as const] };

    expect(await verify(await ownToken({ channels }))).toMatchObject({ grants: channels });
    expect(await verify(await ownToken({ channels: {} }))).toMatchObject({ grants: {} });
  });

  it('may be for several audiences, if the stage is one of them', async () => {
    expect(
      await refusal(verify(await signBySecret(SECRET, claimsFixture({ ...own, aud: ['x', 'prod'] })))),
    ).toBe('accepted');
  });

  it('is refused when it is signed with another secret', async () => {
    expect(await refusal(verify(await ownToken({}, `${SECRET}x`)))).toBe(
      'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    );
  });

  it('is verified with the secret at the time of the handshake', async () => {
    let secret = SECRET;
    const changing = tokenVerifier({
      audience: 'prod',
      secrets: oneSecret(() => secret),
      issuers: [],
      clockSkewSeconds: SKEW,
      now: () => NOW * 1000,
    });
    const token = await ownToken();
    expect(await refusal(changing(token))).toBe('accepted');

    secret = 'the next one';
    expect(await refusal(changing(token))).toBe('ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
  });

  describe('of a secret that an owner replaces', () => {
    const replaced = (others: readonly string[]) =>
      tokenVerifier({
        audience: 'prod',
        secrets: { current: async () => SECRET, others: async () => others },
        issuers: [],
        clockSkewSeconds: SKEW,
        now: () => NOW * 1000,
      });

    it('is good when one of the other secrets signed it', async () => {
      const verifyTwo = replaced([SECRET, 'the one before', 'the next one']);

      expect(await refusal(verifyTwo(await ownToken({}, 'the one before')))).toBe('accepted');
      expect(await refusal(verifyTwo(await ownToken({}, 'the next one')))).toBe('accepted');
      expect(await refusal(verifyTwo(await ownToken({}, 'a third one')))).toBe(
        'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
      );
    });

    it('is refused for its claims as with the current secret', async () => {
      const token = await ownToken({ audience: 'local' }, 'the one before');

      expect(await refusal(replaced(['the one before'])(token))).toBe('claim aud');
    });

    it('asks for the other secrets only when the current one did not sign it', async () => {
      const silent = tokenVerifier({
        audience: 'prod',
        secrets: { current: async () => SECRET, others: () => Promise.reject(new Error('asked')) },
        issuers: [],
        clockSkewSeconds: SKEW,
        now: () => NOW * 1000,
      });

      expect(await refusal(silent(await ownToken()))).toBe('accepted');
      expect(await refusal(silent(await ownToken({ audience: 'local' })))).toBe('claim aud');
      await expect(silent(await ownToken({}, 'another'))).rejects.toThrow(new Error('asked'));
    });
  });

  it.each([
    ['local', 'claim aud'],
    ['PROD', 'claim aud'],
    ['', 'claim aud'],
  ])('is refused when it is for the stage %j', async (audience, reason) => {
    expect(await refusal(verify(await ownToken({ audience })))).toBe(reason);
  });

  it.each([
    ['no audience', { aud: undefined }, 'claim aud'],
    ['no user', { sub: undefined }, 'claim sub'],
    ['an empty user', { sub: '' }, 'bad claims'],
    ['no end', { exp: undefined }, 'claim exp'],
    ['a negative end, which is long ago', { exp: -1 }, 'expired'],
    ['an end in the far too distant future', { exp: 1e300 }, 'bad claims'],
    ['channels that are none', { channels: 'chat:*' }, 'bad claims'],
    ['a pattern of the wrong form', { channels: { 'ch*': ['publish'] } }, 'bad claims'],
    ['another issuer', { iss: 'https://evil.example.com/' }, 'unknown issuer'],
    ['an issuer in other case', { iss: 'Fanfare' }, 'unknown issuer'],
    ['an empty issuer', { iss: '' }, 'unknown issuer'],
    ['no issuer', { iss: undefined }, 'unknown issuer'],
    ['a prototype as its issuer', { iss: '__proto__' }, 'unknown issuer'],
  ])('is refused when it has %s', async (_what, more, reason) => {
    expect(await refusal(verify(await signBySecret(SECRET, claimsFixture({ ...own, ...more }))))).toBe(
      reason,
    );
  });

  it('is good until its end and for the allowance for clocks, and not a second longer', async () => {
    const token = await ownToken({ expiresAt: NOW });

    expect(await refusal(verifierAt(NOW + SKEW - 1)(token))).toBe('accepted');
    expect(await refusal(verifierAt(NOW + SKEW)(token))).toBe('expired');
  });

  it('is good from its beginning and for the allowance for clocks, and not a second earlier', async () => {
    const notBefore = (nbf: number) => signBySecret(SECRET, claimsFixture({ ...own, nbf }));

    expect(await refusal(verify(await notBefore(NOW + SKEW)))).toBe('accepted');
    expect(await refusal(verify(await notBefore(NOW + SKEW + 1)))).toBe('claim nbf');
  });

  it.each(['none', 'None', 'NONE', 'nOnE', 'HS384', 'HS512', 'RS256', ''])(
    'is refused when its algorithm is %j, without a signature',
    async (alg) => {
      const claims = claimsFixture(own);

      expect(await refusal(verify(unsigned(claims, { alg })))).not.toBe('accepted');
      expect(await refusal(verify(unsigned(claims, { alg }, 'AAAA')))).not.toBe('accepted');
    },
  );

  it('is refused when it has lost its signature, or has that of another', async () => {
    const [header, payload] = (await ownToken()).split('.');
    const [, , signature] = (await ownToken({ user: 'bob' })).split('.');

    expect(await refusal(verify(`${header}.${payload}.`))).toBe('ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
    expect(await refusal(verify(`${header}.${payload}.${signature}`))).toBe(
      'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    );
  });

  it('is refused when it brings its own key', async () => {
    const jwk = { kty: 'oct', k: Buffer.from('mine').toString('base64url'), alg: 'HS256' };
    const header = { jwk, jku: 'https://evil.example.com/jwks.json', kid: '../../dev/null' };

    expect(await refusal(verify(await signBySecret('mine', claimsFixture(own), header)))).toBe(
      'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    );
  });

  it.each([
    '',
    ' ',
    '.',
    '..',
    '...',
    'x',
    'a.b.c',
    'null',
    '{}',
    'e30.e30.',
    'e30.bnVsbA.',
    '🔑.🔑.🔑',
    '\u0000',
  ])('is not %j', async (garbage) => {
    expect(await refusal(verify(garbage))).toMatch(/^(ERR_J(OSE|WT|WS)_\w+|unknown issuer)$/);
  });

  it('causes a failure, and not a refusal, when the secret cannot be read', async () => {
    const blind = tokenVerifier({
      audience: 'prod',
      secrets: { current: () => Promise.reject(new Error('AccessDenied')), others: async () => [] },
      issuers: [],
      clockSkewSeconds: SKEW,
      now: () => NOW * 1000,
    });

    await expect(blind(await ownToken())).rejects.toThrow(new Error('AccessDenied'));
  });
});
