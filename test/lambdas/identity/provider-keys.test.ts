/** How the keys of a provider are fetched and kept: with a clock that the test sets, and no waiting. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { signOwnToken } from '../../../lambdas/identity/own-token.ts';
import { InvalidToken, tokenVerifier } from '../../../lambdas/identity/token-verifier.ts';
import { oneSecret } from '../../memory/one-secret.ts';
import { NOW, type Provider, rsaKey, sign, startProvider } from './provider.ts';
import { refusal } from './refusal.ts';

const SECRET = 'a-secret-of-this-stage-a-secret-of-this-stage';
const [first, second] = [rsaKey('first'), rsaKey('second')];

/** Between two looks for a key that is not there. */
const COOLDOWN_MS = 30_000;
const KEPT_MS = 600_000;

let provider: Provider;
const newVerifier = () =>
  tokenVerifier({
    audience: 'prod',
    secrets: oneSecret(SECRET),
    issuers: [provider.issuer],
    clockSkewSeconds: 30,
    now: () => NOW * 1000,
  });

describe('the keys of a provider', () => {
  beforeEach(async () => {
    // The time at which keys were fetched; the network's timers stay real.
    vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 });
    provider = await startProvider(first);
  });
  afterEach(async () => {
    vi.useRealTimers();
    await provider.close();
  });

  it('are fetched for the first token, once for concurrent and later tokens', async () => {
    const verify = newVerifier();
    expect(provider.requests()).toBe(0);

    const token = await sign(first);
    await Promise.all([verify(token), verify(token), verify(token)]);
    await verify(token);
    expect(provider.requests()).toBe(1);
  });

  it('are fetched again for a new one, but not more often than every 30 seconds', async () => {
    const verify = newVerifier();
    await verify(await sign(first));
    provider.published.push(second.jwk);

    vi.setSystemTime(NOW * 1000 + COOLDOWN_MS - 1);
    expect(await refusal(verify(await sign(second)))).toBe('ERR_JWKS_NO_MATCHING_KEY');
    expect(provider.requests()).toBe(1);

    vi.setSystemTime(NOW * 1000 + COOLDOWN_MS);
    expect(await refusal(verify(await sign(second)))).toBe('accepted');
    expect(await refusal(verify(await sign(first)))).toBe('accepted');
    expect(provider.requests()).toBe(2);
  });

  it('are not fetched again for each token with an unknown key', async () => {
    const verify = newVerifier();
    await verify(await sign(first));
    vi.setSystemTime(NOW * 1000 + COOLDOWN_MS);
    for (const kid of ['a', 'b', 'c', 'd'])
      expect(await refusal(verify(await sign({ ...second, kid })))).toBe('ERR_JWKS_NO_MATCHING_KEY');

    expect(provider.requests()).toBe(2);
  });

  it('are accepted for ten minutes after the provider removed them', async () => {
    const verify = newVerifier();
    const token = await sign(first);
    await verify(token);
    provider.published.splice(0, 1, second.jwk);

    vi.setSystemTime(NOW * 1000 + KEPT_MS - 1);
    expect(await refusal(verify(token))).toBe('accepted');
    vi.setSystemTime(NOW * 1000 + KEPT_MS);
    expect(await refusal(verify(token))).toBe('ERR_JWKS_NO_MATCHING_KEY');
  });

  it.each([
    { status: 500, body: 'no' },
    { status: 302, body: '' },
    { status: 200, body: 'not JSON' },
    { status: 200, body: '{"keys":{}}' },
    { status: 200, body: '[]' },
  ])('that cannot be read cause a failure, and not a refusal: %j', async (trouble) => {
    const verify = newVerifier();
    provider.trouble = trouble;
    const token = await sign(first);
    const problem: unknown = await verify(token).catch((error) => error);

    expect(problem).toBeInstanceOf(Error);
    expect(problem).not.toBeInstanceOf(InvalidToken);
    provider.trouble = undefined;
    expect(await refusal(verify(token))).toBe('accepted');
  });

  it('of a silent provider cause a failure, and not a refusal', async () => {
    const verify = newVerifier();
    await provider.close();
    const problem: unknown = await verify(await sign(first)).catch((error) => error);

    expect(problem).toBeInstanceOf(Error);
    expect(problem).not.toBeInstanceOf(InvalidToken);
  });

  it('are not needed for the tokens of the stage', async () => {
    const verify = newVerifier();
    await provider.close();
    const token = { user: 'ann', audience: 'prod', issuedAt: NOW, expiresAt: NOW + 3_600 };

    expect(await refusal(verify(await signOwnToken(SECRET, token)))).toBe('accepted');
  });
});
