import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type OwnToken, serverAudience } from '../../lambdas/identity/own-token.ts';
import { recordSecret } from '../leaks/evidence.ts';
import {
  expiresAt,
  handshake,
  issuedAt,
  newToken,
  SECRET,
  SKEW,
  sdk,
  start,
  variables,
} from './authorizer.ts';
import { claimsFixture, rsaKey, sign, signBySecret, startProvider, unsigned } from './identity/provider.ts';

const audience = serverAudience('prod');
const dynamodb = mockClient(DynamoDBClient);
const ANOTHER_SECRET = 'another-secret-another-secret-another-secret';
const refused = { isAuthorized: false };

async function startApi(more: Readonly<Record<string, string>> = {}) {
  const all = { ...variables, REVOCATIONS_TABLE: 'revocations', ...more };
  for (const [name, value] of Object.entries(all)) vi.stubEnv(name, value);
  vi.resetModules();
  const { handler } = await import('../../lambdas/authorize-api.ts');
  return handler;
}

/** The gateway writes the names of headers in small letters. */
const request = (authorization?: string) => ({
  headers: { host: 'api.example.com', ...(authorization !== undefined && { authorization }) },
  requestContext: { requestId: 'request-1' },
});

const serverToken = (more: Partial<OwnToken> = {}, secret = SECRET) =>
  newToken({ user: 'billing', audience, ...more }, secret);

async function recorded(token: Promise<string> | string): Promise<string> {
  recordSecret(await token);
  return token;
}

const payload = claimsFixture({
  iss: 'fanfare',
  aud: audience,
  sub: 'billing',
  iat: issuedAt,
  exp: expiresAt,
});

beforeEach(() => {
  dynamodb.reset();
  dynamodb.on(GetItemCommand).resolves({});
});

describe('the authorizer of the HTTP API', () => {
  it('lets a server in, with no more rights than its token names', async () => {
    const handler = await startApi();
    const channels = { 'public:*': ['publish' as const] };
    const server = 'billing';

    expect(await handler(request(`Bearer ${await serverToken()}`))).toEqual({
      isAuthorized: true,
      context: { server },
    });
    expect(await handler(request(`bearer ${await serverToken({ channels })}`))).toEqual({
      isAuthorized: true,
      context: { server, channels: '{"public:*":["publish"]}' },
    });
    expect(await handler(request(`Bearer ${await serverToken({ channels: {} })}`))).toEqual({
      isAuthorized: true,
      context: { server, channels: '{}' },
    });
  });

  it.each<[string, Partial<OwnToken>, string?]>([
    ['of a user', { audience: 'prod' }],
    ['for servers of another stage', { audience: serverAudience('dev') }],
    ['that has ended', { expiresAt: issuedAt - SKEW }],
    ['that names no user', { user: '' }],
    ['that is signed with another secret', {}, ANOTHER_SECRET],
  ])('refuses a token %s', async (_what, more, secret) => {
    const handler = await startApi();

    expect(await handler(request(`Bearer ${await serverToken(more, secret)}`))).toEqual(refused);
  });

  it('refuses a text that is not a token or is in a wrong place, without a failure', async () => {
    const handler = await startApi();
    const token = await serverToken();
    const [header, , signature] = token.split('.');
    const forged = [
      unsigned(payload),
      unsigned(payload, { alg: 'HS256' }),
      unsigned(null),
      unsigned('text', { alg: 'HS256' }, signature),
      await signBySecret(SECRET, payload, { alg: 'HS512' }),
      await signBySecret(SECRET, { ...payload, channels: ['*'] }),
      await signBySecret(SECRET, claimsFixture({ ...payload, exp: undefined })),
    ];
    for (const each of forged) recordSecret(each);
    const credentials = [
      '',
      'Bearer',
      'Bearer ',
      token,
      `Basic ${token}`,
      `Token ${token}`,
      `Bearer ${token}.x`,
      `Bearer ${token} ${token}`,
      `Bearer ${token.slice(0, -2)}`,
      `Bearer ${header}..${signature}`,
      'Bearer a.b.c',
      'Bearer ....',
      'Bearer \u0000',
      ...forged.map((each) => `Bearer ${each}`),
    ];

    expect(await handler(request())).toEqual(refused);
    expect(await handler({ requestContext: { requestId: 'request-1' } })).toEqual(refused);
    for (const each of credentials) expect([each, await handler(request(each))]).toEqual([each, refused]);
  });

  it('refuses the token of a provider, also one that is trusted for users', async () => {
    const key = rsaKey('key-1');
    const provider = await startProvider(key);
    try {
      const issuers = JSON.stringify([{ ...provider.issuer, audience }]);
      const handler = await startApi({ ISSUERS: issuers });
      const claims = claimsFixture({ aud: audience, iat: issuedAt, exp: expiresAt });
      const asOwn = { ...claims, iss: 'fanfare' };
      for (const each of [await sign(key, claims), await sign(key, asOwn)]) {
        recordSecret(each);
        expect(await handler(request(`Bearer ${each}`))).toEqual(refused);
      }
      expect(provider.requests()).toBe(0);
    } finally {
      await provider.close();
    }
  });

  it.each([
    [issuedAt - 1, true],
    [issuedAt, true],
    [issuedAt + 1, false],
  ])('decides about a token after a revocation at %i: %s', async (moment, isAuthorized) => {
    const handler = await startApi();
    dynamodb
      .on(GetItemCommand, { TableName: 'revocations', Key: { user: { S: 'billing' } }, ConsistentRead: true })
      .resolves({ Item: { issuedBefore: { N: String(moment) } } });

    expect(await handler(request(`Bearer ${await serverToken()}`))).toMatchObject({ isAuthorized });
    expect(await handler(request(`Bearer ${await serverToken({ user: 'mailer' })}`))).toMatchObject({
      isAuthorized: true,
    });
  });

  it('takes a token that does not say when it was issued as older than any revocation', async () => {
    const handler = await startApi();
    const token = await recorded(signBySecret(SECRET, claimsFixture({ ...payload, iat: undefined })));
    expect(await handler(request(`Bearer ${token}`))).toMatchObject({ isAuthorized: true });

    dynamodb.on(GetItemCommand).resolves({ Item: { issuedBefore: { N: '1' } } });

    expect(await handler(request(`Bearer ${token}`))).toEqual(refused);
  });

  it('lets no server in when it cannot read revocations, and does not blame the token', async () => {
    const handler = await startApi();
    const token = await serverToken();
    dynamodb.on(GetItemCommand).rejects(new Error('no table'));
    await expect(handler(request(`Bearer ${token}`))).rejects.toThrow('no table');

    const another = await startApi();
    sdk.on(GetSecretValueCommand).rejects(new Error('AccessDeniedException'));
    await expect(another(request(`Bearer ${token}`))).rejects.toThrow('AccessDeniedException');
  });

  it('logs the reason of a refusal and the request id, and nothing of the token', async () => {
    const handler = await startApi({ POWERTOOLS_LOG_LEVEL: 'INFO' });
    const user = 'billing@example.com';
    const tokens = await Promise.all([
      serverToken({ user }),
      serverToken({ user, audience: 'prod' }),
      serverToken({ user, expiresAt: 1 }),
      serverToken({ user }, ANOTHER_SECRET),
    ]);
    const lines: string[] = [];
    const streams = [process.stdout, process.stderr].map((stream) =>
      vi.spyOn(stream, 'write').mockImplementation((text) => lines.push(String(text)) > 0),
    );
    try {
      for (const token of tokens) await handler(request(`Bearer ${token}`));
      await handler(request());
    } finally {
      for (const stream of streams) stream.mockRestore();
    }

    const always = {
      level: 'INFO',
      message: 'A request was refused',
      service: 'authorize-api',
      timestamp: expect.any(String),
      sampling_rate: 0,
      requestId: 'request-1',
    };
    const reasons = ['claim aud', 'expired', 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED', 'no token'];
    expect(lines.map((line) => JSON.parse(line))).toEqual(reasons.map((reason) => ({ ...always, reason })));
    const unwanted = [...tokens.flatMap((token) => [token, ...token.split('.')]), user, SECRET];
    expect(unwanted.filter((text) => lines.join('').includes(text))).toEqual([]);
  });

  it.each([{ CLOCK_SKEW: '-1' }, { STAGE: '' }, { TOKEN_SECRET: '' }, { REVOCATIONS_TABLE: '' }])(
    'does not start with %j',
    async (more) => {
      await expect(startApi(more)).rejects.toThrow();
    },
  );
});

describe('the authorizer of $connect', () => {
  it('throws exactly Unauthorized for the token of a server, in every place (AU-4)', async () => {
    const handler = await start();
    const token = await serverToken();

    for (const event of [
      handshake({}, { token }),
      handshake({ authorization: `Bearer ${token}` }),
      handshake({ 'Sec-WebSocket-Protocol': `fanfare.v1, ${token}` }),
    ])
      await expect(handler(event)).rejects.toThrow(/^Unauthorized$/);
  });
});
