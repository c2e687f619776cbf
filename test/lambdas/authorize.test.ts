import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { GRANTS_BYTES } from 'fanfare-protocol/limits';
import { describe, expect, it, vi } from 'vitest';
import type { OwnToken } from '../../lambdas/identity/own-token.ts';
import {
  APP,
  EDGE_KEY,
  expiresAt,
  handshake,
  issuedAt,
  methodArn,
  newToken,
  SKEW,
  sdk,
  start,
} from './authorizer.ts';

const policyDocument = (Effect: string) => ({
  Version: '2012-10-17',
  Statement: [{ Action: 'execute-api:Invoke', Effect, Resource: methodArn }],
});
const context = { user: 'ann', issuedAt: String(issuedAt), expiresAt: String(expiresAt + SKEW) };
const annMayEnter = { principalId: 'ann', policyDocument: policyDocument('Allow'), context };
const forbidden = { principalId: 'forbidden', policyDocument: policyDocument('Deny'), context: {} };

describe('the authorizer of $connect', () => {
  it.each<[string, (token: string) => ReturnType<typeof handshake>]>([
    ['the query', (token) => handshake({}, { token })],
    ['a header', (token) => handshake({ authorization: `Bearer ${token}` })],
    ['a subprotocol', (token) => handshake({ 'SEC-WebSocket-Protocol': `fanfare.v1, ${token}` })],
  ])('lets the user of a token in %s in, with the end and the grants of the token', async (_place, event) => {
    const handler = await start();
    const channels = { 'chat:*': ['subscribe' as const] };

    expect(await handler(event(await newToken()))).toEqual(annMayEnter);
    expect(await handler(event(await newToken({ channels })))).toEqual({
      ...annMayEnter,
      context: { ...context, channels: '{"chat:*":["subscribe"]}' },
    });
  });

  it('lets a connection without a token in as anonymous', async () => {
    const handler = await start();

    expect(await handler(handshake())).toEqual({
      principalId: 'anonymous',
      policyDocument: policyDocument('Allow'),
      context: {},
    });
  });

  it('lets no client in without a token when no policy allows anyone', async () => {
    vi.doMock('../../fanfare.config.ts', () => ({ default: () => ({ namespaces: {}, builtIn: {} }) }));
    const handler = await start();
    vi.doUnmock('../../fanfare.config.ts');

    await expect(handler(handshake())).rejects.toThrow(new Error('Unauthorized'));
    expect(await handler(handshake({}, { token: await newToken() }))).toEqual(annMayEnter);
  });

  it.each<[string, Partial<OwnToken>, string?]>([
    ['has ended', { expiresAt: issuedAt - SKEW }],
    ['is for another stage', { audience: 'local' }],
    ['names no user', { user: '' }],
    ['is signed with another secret', {}, 'another-secret-another-secret-another-secret'],
  ])('throws exactly Unauthorized for a token that %s (AU-4)', async (_what, more, secret) => {
    const handler = await start();

    await expect(handler(handshake({}, { token: await newToken(more, secret) }))).rejects.toThrow(
      /^Unauthorized$/,
    );
  });

  it.each<[string, ReturnType<typeof handshake>]>([
    ['two tokens', handshake({ authorization: 'Bearer a' }, { token: 'b' })],
    ['an empty one', handshake({}, { token: '' })],
    ['of the wrong form', handshake({ authorization: 'Basic YTpi' })],
  ])('throws exactly Unauthorized for %s', async (_what, event) => {
    const handler = await start();

    await expect(handler(event)).rejects.toThrow(/^Unauthorized$/);
  });

  it.each(['https://evil.com', 'null', `${APP}.evil.com`])(
    'denies the page of %s, token or not',
    async (Origin) => {
      const handler = await start();

      expect(await handler(handshake({ Origin }))).toEqual(forbidden);
      expect(await handler(handshake({ Origin }, { token: await newToken() }))).toEqual(forbidden);
    },
  );

  it('denies every page when no website was named', async () => {
    const handler = await start({ ORIGINS: '[]' });

    expect(await handler(handshake())).toEqual(forbidden);
  });

  it('denies a client that does not come by the edge if there is one', async () => {
    const handler = await start({ ORIGIN_KEY_SECRET: 'origin-key' });
    const token = await newToken();

    expect(await handler(handshake({}, { token }))).toEqual(forbidden);
    expect(await handler(handshake({ 'x-fanfare-origin-key': 'none' }, { token }))).toEqual(forbidden);
    expect(await handler(handshake({ 'X-Fanfare-Origin-Key': EDGE_KEY }, { token }))).toEqual(annMayEnter);
  });

  it('takes the user only from the token', async () => {
    const handler = await start();
    const forged = { user: 'bob', expiresAt: '9999999999', principalId: 'bob' };
    const event = { ...handshake(forged, { ...forged, token: await newToken() }), ...forged };

    expect(await handler(event)).toEqual(annMayEnter);
  });

  it('reads the secret once for many handshakes', async () => {
    const handler = await start();
    const token = await newToken();
    for (let count = 0; count < 3; count += 1) await handler(handshake({}, { token }));

    expect(sdk.commandCalls(GetSecretValueCommand)).toHaveLength(1);
  });

  it('lets no client in whose token cannot be checked, and does not call it unauthorized', async () => {
    const handler = await start();
    sdk.on(GetSecretValueCommand).rejects(new Error('AccessDeniedException'));

    await expect(handler(handshake({}, { token: await newToken() }))).rejects.toThrow(
      'AccessDeniedException',
    );
  });

  it.each([
    { CLOCK_SKEW: '-1' },
    { CLOCK_SKEW: 'soon' },
    { ORIGINS: '["*"]' },
    { ORIGINS: 'https://app.example.com' },
    { ISSUERS: '[{"issuer":"https://id.example.com/"}]' },
    { TOKEN_SECRET: '' },
    { ORIGIN_KEY_SECRET: '' },
  ])('does not start with %j', async (more) => {
    await expect(start(more)).rejects.toThrow();
  });
});

describe('what the authorizer returns', () => {
  /** As many channels with as many quotation marks as a token can have: each is escaped once more. */
  function mostQuoted(): NonNullable<OwnToken['channels']> {
    const letters = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-'];
    const names = [...letters, ...letters.flatMap((first) => letters.map((second) => first + second))];
    const channels: Record<string, []> = {};
    for (const name of names) {
      const next = { ...channels, [`${name}:`]: [] };
      if (JSON.stringify(next).length > GRANTS_BYTES) return channels;
      channels[`${name}:`] = [];
    }
    return channels;
  }

  it.each([
    ['of 158 letters', 'x'.repeat(158)],
    ['of 52 control characters', '\u0001'.repeat(52)],
    ['of 13 emoji', '🔑'.repeat(13)],
  ])(
    'fits into the 8 KB that the platform takes (AU-4), also for the largest token and a user %s',
    async (_what, user) => {
      const handler = await start();
      const channels = mostQuoted();
      expect(JSON.stringify(channels).length).toBeGreaterThan(GRANTS_BYTES - 16);

      const token = await newToken({ user, channels, expiresAt: Number.MAX_SAFE_INTEGER });
      const result = await handler(handshake({}, { token }));
      expect(result.context).toMatchObject({ channels: JSON.stringify(channels) });
      expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThan(8 * 1024);
    },
  );
});
