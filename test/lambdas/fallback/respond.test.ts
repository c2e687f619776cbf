import { BURST_MS, COMMANDS_PER_SECOND, MESSAGE_BYTES } from 'fanfare-protocol/limits';
import { describe, expect, it } from 'vitest';
import { NOW } from '../../memory/memory-ports.ts';
import { fallbackWorld, SITE } from './fallback-world.ts';

const session = 'a-random-session-0';
const as = (token: string) => ({ authorization: `Bearer ${token}` });
const open = { path: '/poll', query: { session, open: '1' } };
const post = (command: unknown, query = { session }) => ({
  method: 'POST',
  query,
  body: JSON.stringify(command),
});
const publish = { action: 'publish', channel: 'open:a', data: 1, id: 1 };

describe('a request', () => {
  it('with a command is answered as on a socket once the session is open', async () => {
    const { whole } = fallbackWorld();
    await whole(open);

    expect(await whole(post(publish))).toMatchObject({
      status: 200,
      json: { event: 'published', channel: 'open:a', id: 1 },
    });
    expect((await whole(post([publish, { action: 'dance', id: 2 }]))).json).toMatchObject([
      { event: 'published' },
      { event: 'error', id: 2, code: 'unknown-action' },
    ]);
  });

  it.each([
    ['of a command', post(publish)],
    ['of a poll', { path: '/poll', query: { session } }],
    ['to close', { method: 'DELETE', query: { session } }],
  ])('%s in a session that is not open is answered 410', async (_what, ask) => {
    const { whole } = fallbackWorld();

    expect(await whole(ask)).toMatchObject({ status: 410, json: { code: 'gone', status: 410 } });
  });

  it.each([
    ['of another user', as('bob')],
    ['of an anonymous client', {}],
  ])('%s has another session, even if it has the same name', async (_who, headers) => {
    const { whole } = fallbackWorld();
    await whole({ ...open, headers: as('ann') });

    expect((await whole({ ...post(publish), headers: as('ann') })).status).toBe(200);
    expect((await whole({ ...post(publish), headers })).status).toBe(410);
  });

  it.each(['short', 'x'.repeat(15), 'x'.repeat(65), 'with a space in it', ''])(
    'with the session %j is answered 400',
    async (name) => {
      const { whole } = fallbackWorld();

      for (const ask of [{ ...open, query: { session: name, open: '1' } }, post(publish, { session: name })])
        expect(await whole(ask)).toMatchObject({ status: 400, json: { code: 'bad-request' } });
    },
  );

  it.each([
    ['GET', '/nowhere'],
    ['PUT', '/'],
    ['POST', '/poll'],
    ['HEAD', '/'],
  ])('of %s %s is answered 404', async (method, path) => {
    const { whole } = fallbackWorld();

    expect(await whole({ method, path })).toMatchObject({ status: 404, json: { code: 'not-found' } });
  });

  it('with a token in its query comes from the user of the token', async () => {
    const { whole } = fallbackWorld();
    await whole({ ...open, query: { ...open.query, token: 'ann' } });

    expect((await whole({ ...post(publish), headers: as('ann') })).status).toBe(200);
  });

  it.each([
    ['forged', 'unauthenticated', 'unauthorized: signature'],
    [`ann until ${NOW / 1000 - 10}`, 'token-expired', 'unauthorized: expired'],
  ])(
    'with the token %j is answered 401 with a code that says what to do, and is logged',
    async (token, code, logged) => {
      const { whole, refused } = fallbackWorld();

      expect(await whole({ ...open, headers: as(token) })).toMatchObject({ status: 401, json: { code } });
      expect(refused).toEqual([logged]);
    },
  );

  it('with a token that a rule refuses is answered by the code and the sentence of the rule', async () => {
    const { whole, refused } = fallbackWorld();

    expect((await whole({ ...open, headers: as('closed') })).json).toEqual({
      code: 'rejected',
      status: 422,
      message: 'This account is closed.',
    });
    expect(refused).toEqual(['forbidden: onConnect']);
  });

  it('with a revoked token is answered 401, also in a session that a later token has opened', async () => {
    const { whole, ports } = fallbackWorld();
    await ports.revocations.revoke('ann', NOW / 1000 + 1);
    expect((await whole({ ...open, headers: as('ann') })).status).toBe(401);

    await ports.revocations.revoke('bob', NOW / 1000);
    await whole({ ...open, headers: as('bob') });
    await ports.revocations.revoke('bob', NOW / 1000 + 1);
    for (const ask of [post(publish), { path: '/poll', query: { session } }])
      expect(await whole({ ...ask, headers: as('bob') })).toMatchObject({
        status: 401,
        json: { code: 'unauthenticated' },
      });
  });

  it('to open one session more than a user may have is answered 429, and stores nothing', async () => {
    const { whole, ports } = fallbackWorld();
    const sessions = Array.from({ length: 101 }, (_, index) => `a-random-session-${index}`);
    const statuses: number[] = [];
    for (const name of sessions) {
      const { status } = await whole({ ...open, query: { session: name, open: '1' }, headers: as('ann') });
      statuses.push(status);
    }

    expect(statuses.slice(0, 100).every((status) => status === 200)).toBe(true);
    expect(statuses.at(-1)).toBe(429);
    expect((await ports.directory.connections()).connections).toHaveLength(100);
    const last = { session: 'a-random-session-100' };
    expect((await whole({ ...post(publish, last), headers: as('ann') })).status).toBe(410);
  });

  it('over 128 KB is answered 413, and one over the rate limit is told when to come again', async () => {
    const { whole } = fallbackWorld();
    await whole(open);

    expect(await whole({ ...post(publish), body: 'x'.repeat(MESSAGE_BYTES + 1) })).toMatchObject({
      status: 413,
      json: { code: 'too-large' },
    });

    const flood = Array.from({ length: 100 }, () => ({ action: 'ping' }));
    const answers: unknown[] = [];
    for (let sent = 0; sent <= (BURST_MS / 1000) * COMMANDS_PER_SECOND + 200; sent += 100)
      answers.push((await whole(post(flood))).json);
    expect(answers.at(0)).toMatchObject([
      { event: 'pong' },
      ...flood.slice(1).map(() => ({ event: 'pong' })),
    ]);
    expect(answers.at(-1)).toMatchObject([
      { event: 'error', code: 'rate-limited', retryAfter: expect.any(Number) },
      ...flood.slice(1).map(() => ({ code: 'rate-limited' })),
    ]);
  });

  it('that fails is answered 500 with the request id, and only the log has the cause', async () => {
    const { whole, ports } = fallbackWorld();
    ports.sessions.find = async () => {
      throw new Error('no table');
    };

    const { status, body } = await whole(post(publish));

    expect([status, body.includes('request request'), body.includes('table')]).toEqual([500, true, false]);
    expect(ports.logged).toEqual([expect.stringContaining('no table')]);
  });

  it('to close a session ends it and forgets its connection', async () => {
    const { whole, ports } = fallbackWorld();
    await whole(open);
    expect((await ports.directory.connections()).connections).toHaveLength(1);

    expect((await whole({ method: 'DELETE', query: { session } })).status).toBe(204);

    expect((await ports.directory.connections()).connections).toEqual([]);
    expect((await whole(post(publish))).status).toBe(410);
  });
});

describe('a page', () => {
  const preflight = (origin: string) => ({
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST' },
  });

  it('of the stage’s own sites may send requests and read the answers', async () => {
    const { whole } = fallbackWorld();

    expect(await whole(preflight(SITE))).toMatchObject({
      status: 204,
      headers: {
        'Access-Control-Allow-Origin': SITE,
        'Access-Control-Allow-Methods': 'GET, POST, DELETE',
        'Access-Control-Allow-Headers': 'Authorization, Content-Type, Last-Event-ID',
        Vary: 'Origin',
      },
    });
    for (const ask of [open, post(publish, { session: 'unknown-to-everyone' })])
      expect((await whole({ ...ask, headers: { origin: SITE } })).headers).toMatchObject({
        'Access-Control-Allow-Origin': SITE,
      });
  });

  it.each(['https://evil.example.com', 'https://app.example.com.evil.com', 'null'])(
    'of %s gets a 403 without a header that lets a browser show the answer',
    async (origin) => {
      const { whole, ports } = fallbackWorld();

      for (const ask of [preflight(origin), { ...open, headers: { origin } }]) {
        const { status, headers } = await whole(ask);
        expect([status, headers['Access-Control-Allow-Origin']]).toEqual([403, undefined]);
        expect(headers['Vary']).toBe('Origin');
      }
      expect((await ports.directory.connections()).connections).toEqual([]);
    },
  );

  it('is never allowed to send cookies', async () => {
    const { whole } = fallbackWorld();

    for (const ask of [preflight(SITE), { ...open, headers: { origin: SITE } }])
      expect(Object.keys((await whole(ask)).headers)).not.toContain('Access-Control-Allow-Credentials');
  });
});

describe('a command over HTTP with a number', () => {
  it.each(['590518626939830271', '1e400', '0.1000000000000000055511151231257827'])(
    'that JavaScript would change is refused as on a socket: %s',
    async (number) => {
      const { whole } = fallbackWorld();
      await whole(open);
      const body = `{"action":"publish","id":1,"channel":"open:a","data":${number}}`;

      expect((await whole({ ...post(publish), body })).json).toEqual({
        event: 'error',
        id: 1,
        action: 'publish',
        code: 'bad-request',
        status: 400,
        message: `The number ${number} would not arrive as it was sent; send it as a string.`,
      });
    },
  );
});
