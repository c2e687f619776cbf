/** Tokens that the client for servers mints, read by the verifier of the backend. */

import { generateKeyPairSync } from 'node:crypto';
import { FanfareError, type PrivateKey, publicKeys, signServerToken, signToken } from 'fanfare-client/server';
import { grants, permissions } from 'fanfare-protocol/grants';
import { GRANTS_BYTES, INFO_BYTES } from 'fanfare-protocol/limits';
import { userId } from 'fanfare-protocol/user-id';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Issuer } from '../../lambdas/identity/issuer.ts';
import { tokenVerifier } from '../../lambdas/identity/token-verifier.ts';
import { recordSecret } from '../leaks/evidence.ts';
import { listenOnLoopback } from '../loopback.ts';
import { oneSecret } from '../memory/one-secret.ts';

const SECRET = 'the-secret-of-a-stage-has-64-letters-and-digits-of-AWS-in-it-now';
recordSecret(SECRET);
const signer = { stage: 'prod', secret: SECRET };

const verifier = (audience: string, issuers: readonly Issuer[] = []) =>
  tokenVerifier({ audience, secrets: oneSecret(SECRET), issuers, clockSkewSeconds: 5, now: Date.now });
const verify = verifier('prod');

/** @returns what the library says to the author of the call. */
async function mistake(minted: Promise<string>): Promise<string> {
  const error = await minted.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FanfareError);
  expect(error).toMatchObject({ code: 'bad-request', status: 400, isRetryable: false });
  return error instanceof Error ? error.message : '';
}

describe('a token that the secret of the stage signs', () => {
  it('is good for an hour, and allows what the namespaces allow', async () => {
    const before = Math.floor(Date.now() / 1000);
    const { user, issuedAt, expiresAt, ...more } = await verify(await signToken({ user: 'ann' }, signer));

    expect(user).toBe('ann');
    expect(issuedAt).toBeGreaterThanOrEqual(before);
    expect(expiresAt - issuedAt).toBe(3_600);
    expect(more).toEqual({});
  });

  it('says of its user what the author has said', async () => {
    const channels = { 'chat:*': ['subscribe', 'publish'], '@user:ann': [] } as const;
    const info = { name: 'Ånn', joined: new Date(0), nothing: null };
    const token = await signToken({ user: 'auth0|5f7c', channels, info, expiresInSeconds: 1 }, signer);
    const { issuedAt, expiresAt, ...claims } = await verify(token);

    expect(expiresAt - issuedAt).toBe(1);
    expect(claims).toEqual({
      user: 'auth0|5f7c',
      grants: channels,
      info: { name: 'Ånn', joined: '1970-01-01T00:00:00.000Z', nothing: null },
    });
  });

  it('is accepted by the backend whenever the library mints it, and names what the author has named', async () => {
    const pattern = fc.constantFrom('chat:*', '@user:ann', '*', 'a:b', 'chat', 'ch*', '@all', '');
    const rights = fc.dictionary(pattern, fc.subarray([...permissions]), { maxKeys: 3 });
    const user = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.constantFrom('ann', '', '\ud800'),
    );
    const given = fc.record(
      { user, channels: rights, info: fc.jsonValue() },
      { requiredKeys: ['user'], noNullPrototype: true },
    );
    await fc.assert(
      fc.asyncProperty(given, async (token) => {
        const isGood = v.is(userId, token.user) && v.is(v.optional(grants), token.channels);
        const minted = await signToken(token, signer).catch(() => undefined);

        expect(minted !== undefined || JSON.stringify(token.info ?? '').length > INFO_BYTES).toBe(isGood);
        if (minted === undefined) return;
        const identity = await verify(minted);
        expect(identity.user).toBe(token.user);
        expect(identity.grants).toEqual(token.channels);
        expect(identity.info).toEqual(
          token.info === undefined ? undefined : JSON.parse(JSON.stringify(token.info)),
        );
      }),
    );
  });

  it.each([
    ['user', 'x'.repeat(158), 'x'.repeat(159), 'the name is too long'],
    ['user', 'x', '', 'user: '],
    ['info', 'x'.repeat(INFO_BYTES - 2), 'x'.repeat(INFO_BYTES - 1), `at most ${INFO_BYTES} bytes`],
    ['info', 'é'.repeat(INFO_BYTES / 2 - 1), 'é'.repeat(INFO_BYTES / 2), `at most ${INFO_BYTES} bytes`],
    ['expiresInSeconds', 2_592_000, 2_592_001, 'from 1 to 2592000, which is 30 days'],
    ['expiresInSeconds', 1, 0, 'whole number of seconds'],
    ['expiresInSeconds', 60, 60.5, 'whole number of seconds'],
    ['channels', channelsOf(GRANTS_BYTES), channelsOf(GRANTS_BYTES + 1), `at most ${GRANTS_BYTES} bytes`],
    ['channels', { 'chat:*': ['publish'] }, { 'ch*': ['publish'] }, 'namespace:start*'],
    ['channels', {}, { 'chat:*': ['write'] }, 'chat:*'],
  ])('takes a %s within its bound, and says why it refuses one beyond it', async (field, good, bad, why) => {
    await expect(signToken({ user: 'ann', [field]: good }, signer)).resolves.toMatch(/^ey/);

    expect(await mistake(signToken({ user: 'ann', [field]: bad }, signer))).toContain(why);
  });

  it('is not minted with a misspelt field, because a token without its channels allows more', async () => {
    const misspelt: object = { channel: { 'chat:a': ['subscribe'] } };

    expect(await mistake(signToken({ user: 'ann', ...misspelt }, signer))).toBe(
      'signToken: channel: there is no such field.',
    );
  });

  it.each([Number.NaN, 1n, () => 1, new Map(), circle()])(
    'is not minted with an info that is not JSON: %o',
    async (info) => {
      await mistake(signToken({ user: 'ann', info }, signer));
    },
  );

  it('is not minted with an info of too many levels', async () => {
    const deep = JSON.parse(`${'['.repeat(65)}${']'.repeat(65)}`);

    expect(await mistake(signToken({ user: 'ann', info: deep }, signer))).toContain('at most 64 levels');
  });

  it.each([
    ['prod!', 'it is the name of a stage'],
    ['prod/servers', 'it is the name of a stage'],
    ['', 'it is the name of a stage'],
  ])('is not minted for the stage %j', async (stage, why) => {
    expect(await mistake(signToken({ user: 'ann' }, { stage, secret: SECRET }))).toContain(why);
  });

  it('is not minted with what cannot be the secret, and the error does not contain it', async () => {
    const arn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:Token-a1b2c3';
    const short = SECRET.slice(0, 31);

    expect(await mistake(signToken({ user: 'ann' }, { stage: 'prod', secret: arn }))).toMatch(
      /^This is the ARN of the secret/,
    );
    const message = await mistake(signToken({ user: 'ann' }, { stage: 'prod', secret: short }));
    expect(message).toContain('The secret has 31 bytes, and needs 32');
    expect(message).not.toContain(short.slice(0, 8));
    await expect(signToken({ user: 'ann' }, { stage: 'prod', secret: SECRET.slice(0, 32) })).resolves.toMatch(
      /^ey/,
    );
  });
});

describe('a token for servers', () => {
  const verifyServer = verifier('prod/servers');

  it('is for everything, if its author says so', async () => {
    const token = await signServerToken({ server: 'billing', rights: 'everything' }, signer);

    expect(await verifyServer(token)).toEqual({
      user: 'billing',
      issuedAt: expect.any(Number),
      expiresAt: expect.any(Number),
    });
    await expect(verify(token)).rejects.toThrow('claim aud');
  });

  it('is for some channels', async () => {
    const rights = { 'public:*': ['publish'] } as const;

    expect(await verifyServer(await signServerToken({ server: 'ticker', rights }, signer))).toMatchObject({
      user: 'ticker',
      grants: rights,
    });
  });

  it('is never for everything by omission', async () => {
    const given: object = { server: 'billing' };

    expect(await mistake(Reflect.apply(signServerToken, undefined, [given, signer]))).toContain('rights');
  });

  it('is no token of a user', async () => {
    await expect(verifyServer(await signToken({ user: 'ann' }, signer))).rejects.toThrow('claim aud');
  });
});

describe('a token that a key of one’s own signs', () => {
  const ISSUER = 'https://id.example.com/';

  /** A stage that trusts an issuer, which publishes these keys. */
  async function stageThatTrusts(
    keys: readonly PrivateKey[],
    algorithm: Issuer['algorithms'][number],
    more = {},
  ) {
    const { url, close } = await listenOnLoopback((_request, response) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(publicKeys(keys)));
    });
    onTestFinished(close);
    const issuer = {
      issuer: ISSUER,
      audience: 'fanfare',
      jwksUrl: `${url}/jwks.json`,
      algorithms: [algorithm],
      ...more,
    };
    return verifier('prod', [issuer]);
  }

  const rsa = () => exported(generateKeyPairSync('rsa', { modulusLength: 2048 }));
  const curve = (namedCurve: string) => exported(generateKeyPairSync('ec', { namedCurve }));

  it.each([
    ['RS256', rsa()],
    ['RS512', rsa()],
    ['PS256', rsa()],
    ['PS384', rsa()],
    ['ES256', curve('P-256')],
    ['ES384', curve('P-384')],
    ['ES512', curve('P-521')],
    ['EdDSA', exported(generateKeyPairSync('ed25519'))],
  ] as const)('is accepted by a stage that trusts the issuer: %s', async (alg, jwk) => {
    const key = { ...jwk, alg, kid: '2026-11' };
    const other = { ...curve('P-256'), alg: 'ES256', kid: 'older' };
    const verify = await stageThatTrusts([other, key], alg, { userPrefix: 'shop|' });
    const token = await signToken(
      { user: 'ann', info: { name: 'Ann' } },
      { issuer: ISSUER, audience: 'fanfare', key },
    );

    expect(await verify(token)).toMatchObject({ user: 'shop|ann', info: { name: 'Ann' } });
  });

  it('is refused when another key has signed it', async () => {
    const key = { ...curve('P-256'), alg: 'ES256', kid: 'a' };
    const verify = await stageThatTrusts([{ ...curve('P-256'), alg: 'ES256', kid: 'a' }], 'ES256');

    await expect(
      verify(await signToken({ user: 'ann' }, { issuer: ISSUER, audience: 'fanfare', key })),
    ).rejects.toThrow('SIGNATURE_VERIFICATION_FAILED');
  });

  it('publishes no private member of a key', () => {
    const members = [rsa(), curve('P-256'), exported(generateKeyPairSync('ed25519'))].flatMap((jwk) =>
      publicKeys([{ ...jwk, alg: 'ES256', kid: 'a', k: 'secret', secret: 'x' } as PrivateKey]).keys.flatMap(
        Object.keys,
      ),
    );

    expect([...new Set(members)].toSorted()).toEqual(['alg', 'crv', 'e', 'kid', 'kty', 'n', 'use', 'x', 'y']);
  });

  const p256 = curve('P-256');
  it.each<[string, PrivateKey, string]>([
    ['no alg', { ...p256, kid: 'a' }, 'The key has no alg'],
    ['the alg of a shared secret', { ...p256, alg: 'HS256', kid: 'a' }, 'The key has no alg'],
    ['no kid', { ...p256, alg: 'ES256' }, 'The key has no kid'],
    ['another curve', { ...p256, alg: 'ES384', kid: 'a' }, 'The key is not one for ES384'],
    ['another kind', { ...p256, alg: 'RS256', kid: 'a' }, 'The key is not one for RS256'],
    ['only its public half', Object.assign(publicHalf(p256), { alg: 'ES256', kid: 'a' }), 'no private key'],
    [
      '1024 bits',
      { ...exported(generateKeyPairSync('rsa', { modulusLength: 1024 })), alg: 'RS256', kid: 'a' },
      'An RSA key has 2048 bits at least',
    ],
  ])('is not minted with a key that has %s, and the error does not contain it', async (_what, key, why) => {
    const message = await mistake(signToken({ user: 'ann' }, { issuer: ISSUER, audience: 'fanfare', key }));

    expect(message).toContain(why);
    expect(
      Object.entries(key).filter(([name, value]) => name === 'd' && message.includes(String(value))),
    ).toEqual([]);
  });

  it("is not minted in the name of the stage's own issuer, or without one", async () => {
    const key = { ...p256, alg: 'ES256', kid: 'a' };

    expect(await mistake(signToken({ user: 'ann' }, { issuer: 'fanfare', audience: 'prod', key }))).toContain(
      "fanfare is the name of the stage's own issuer",
    );
    expect(await mistake(signToken({ user: 'ann' }, { issuer: ISSUER, audience: '', key }))).toContain(
      'audience',
    );
    expect(await mistake(Reflect.apply(signToken, undefined, [{ user: 'ann' }, {}]))).toContain(
      'it takes { stage, secret } or { issuer, audience, key }',
    );
  });
});

/** Grants that are this long as JSON. */
function channelsOf(bytes: number) {
  const full = Object.fromEntries(
    Array.from({ length: 23 }, (_, n) => [`a:${String(n).padEnd(158, 'x')}*`, ['publish']]),
  );
  const rest = bytes - JSON.stringify({ ...full, 'a:': ['publish'] }).length;
  return { ...full, [`a:${'y'.repeat(rest)}`]: ['publish'] };
}

function circle(): object {
  const one: Record<string, unknown> = {};
  one['itself'] = one;
  return one;
}

function exported({ privateKey }: ReturnType<typeof generateKeyPairSync>) {
  return typeof privateKey === 'string' || Buffer.isBuffer(privateKey)
    ? {}
    : privateKey.export({ format: 'jwk' });
}

function publicHalf({
  kty = '',
  crv = '',
  x = '',
  y = '',
}: ReturnType<typeof exported> & Record<string, unknown>) {
  return { kty: String(kty), crv, x, y };
}
