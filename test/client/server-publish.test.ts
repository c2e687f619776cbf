/** What `publish` and `revoke` of the client for servers send, repeat, and report. */

import { FanfareError, FanfareServer, PublishError, type ServerOptions } from 'fanfare-client/server';
import { describe, expect, it } from 'vitest';
import { FakeClock } from './fake-clock.ts';

const URL = 'https://example.com/prod';
const TOKEN = 'a-token-that-no-error-may-contain';

interface Sent {
  readonly url: string;
  readonly body: Readonly<Record<string, unknown>>;
}

type Step = Response | Error | 'silence';

/** A server that answers each request with the next step. The last step is repeated. */
function serverWith(steps: readonly Step[], options: Partial<ServerOptions> = {}) {
  const clock = new FakeClock();
  const sent: Sent[] = [];
  const left = [...steps];
  const fetch: typeof globalThis.fetch = async (url, init) => {
    sent.push({ url: String(url), body: JSON.parse(String(init?.body)) });
    const step = (left.length > 1 ? left.shift() : left[0]) ?? 'silence';
    if (step === 'silence') return new Promise(() => {});
    if (step instanceof Error) throw step;
    return step.clone();
  };
  const server = new FanfareServer(URL, { token: TOKEN, fetch, clock, random: () => 0.5, ...options });
  return { server, clock, sent };
}

const refusal = (code: string, status: number, retryAfter?: number) => ({
  code,
  status,
  message: `It is ${code}.`,
  ...(retryAfter && { retryAfter }),
});
const ok = (...results: object[]) => Response.json({ results });
const part = (...results: object[]) => Response.json({ results }, { status: 207 });
const busy = refusal('busy', 503);
const done = ok({ channel: 'public:a', seq: 7 });

/** @returns what the promise rejects with, once this much time has passed. */
async function failureOf(promise: Promise<unknown>, clock?: FakeClock, ms = 600_000): Promise<FanfareError> {
  const failed = promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  await clock?.pass(ms);
  const error = await failed;
  if (!(error instanceof FanfareError))
    throw new Error('It did not fail by a FanfareError', { cause: error });
  expect(error.message).not.toContain(TOKEN);
  return error;
}

describe('publish', () => {
  it('gives each message a key, and keeps the keys of the author', async () => {
    const { server, sent } = serverWith([done]);
    await server.publish({ channels: ['public:a'], data: 1 });
    await server.publish({ channels: ['public:a'], data: 1, key: 'mine' });
    await server.publish({ channels: ['public:a'], messages: [{ data: 1 }, { data: 2, key: 'mine' }] });
    await server.publish({ channels: ['public:a'], messages: [{ data: 1 }, { data: 2 }], key: 'k' });

    const [random, own, batch, named] = sent.map(({ body }) => body);
    expect(random?.['key']).toMatch(/^\d+-\d+-\d+-\d+$/);
    expect(own?.['key']).toBe('mine');
    expect(batch?.['messages']).toEqual([
      { data: 1, key: expect.stringMatching(/^\d+-\d+-\d+-\d+\/0$/) },
      { data: 2, key: 'mine' },
    ]);
    expect(named).toEqual({
      channels: ['public:a'],
      messages: [
        { data: 1, key: 'k/0' },
        { data: 2, key: 'k/1' },
      ],
    });
  });

  it.each<[string, Step]>([
    ['a lost connection', new TypeError('fetch failed')],
    ['an error of the platform', Response.json({ message: 'Service Unavailable' }, { status: 503 })],
    ['a proxy that answers 502 in HTML', new Response('<html>', { status: 502 })],
    ['a throttle', Response.json({ message: 'Too Many Requests' }, { status: 429 })],
    [
      'a busy channel',
      Response.json({ ...busy, results: [{ channel: 'public:a', error: busy }] }, { status: 503 }),
    ],
    ['an answer without results', new Response('ok')],
  ])('is tried again after %s, with the same key', async (_what, step) => {
    const { server, clock, sent } = serverWith([step, done]);
    const published = server.publish({ channels: ['public:a'], data: 1 });
    await clock.pass(100);

    expect(await published).toEqual({ results: [{ channel: 'public:a', seq: 7 }] });
    expect(sent.map(({ url }) => url)).toEqual([`${URL}/messages`, `${URL}/messages`]);
    expect(sent[1]?.body['key']).toBe(sent[0]?.body['key']);
    expect(clock.planned).toBe(0);
  });

  it('is tried again when no answer comes in time, also if `fetch` ignores its signal', async () => {
    const { server, clock, sent } = serverWith(['silence', done], { timeoutMs: 5_000 });
    const published = server.publish({ channels: ['public:a'], data: 1 });
    await clock.pass(5_000);
    expect(sent).toHaveLength(1);
    await clock.pass(100);

    expect(await published).toEqual({ results: [{ channel: 'public:a', seq: 7 }] });
  });

  it('waits longer after each failure, and at least as long as the server asks', async () => {
    const limited = (retryAfter?: number) =>
      Response.json(refusal('rate-limited', 429, retryAfter), { status: 429 });
    const { server, clock, sent } = serverWith([limited(), limited(), limited(9_000), done]);
    const published = server.publish({ channels: ['public:a'], data: 1 });
    const counts: number[] = [];
    for (const ms of [99, 1, 199, 1, 8_999, 1]) {
      await clock.pass(ms);
      counts.push(sent.length);
    }

    expect(counts).toEqual([1, 2, 2, 3, 3, 4]);
    await published;
  });

  it('gives up after its retries, or at once if the server asks for more than half a minute', async () => {
    const lost = serverWith([new TypeError('fetch failed')], { retries: 2 });
    const failed = await failureOf(lost.server.publish({ channels: ['public:a'], data: 1 }), lost.clock);
    expect(failed).toMatchObject({ code: 'disconnected', status: 503, isRetryable: true });
    expect(failed.message).toBe('No response came from example.com. Check the URL and the network.');
    expect(lost.sent).toHaveLength(3);

    const later = serverWith([Response.json(refusal('rate-limited', 429, 30_001), { status: 429 })]);
    expect(
      await failureOf(later.server.publish({ channels: ['public:a'], data: 1 }), later.clock),
    ).toMatchObject({
      code: 'rate-limited',
      retryAfter: 30_001,
    });
    expect(later.sent).toHaveLength(1);
  });

  it.each<[number, unknown, string, RegExp]>([
    [401, { message: 'Unauthorized' }, 'unauthenticated', /Pass one as the option token/],
    [403, { message: 'Forbidden' }, 'forbidden', /signServerToken\(\) makes one/],
    [404, { message: 'Not Found' }, 'not-found', /Pass the output ApiUrl/],
    [413, { message: 'Request Too Long' }, 'too-large', /larger than API Gateway takes/],
    [418, undefined, 'forbidden', /The API answered 418/],
    [400, refusal('bad-request', 400), 'bad-request', /It is bad-request/],
  ])('is not tried again after a %i, and the error says what to do', async (status, body, code, message) => {
    const { server, sent } = serverWith([Response.json(body ?? null, { status })]);
    const error = await failureOf(server.publish({ channels: ['public:a'], data: 1 }));

    expect(error).toMatchObject({ code, status, isRetryable: false });
    expect(error.message).toMatch(message);
    expect(sent).toHaveLength(1);
  });

  it('is tried again only in the channels that failed', async () => {
    const { server, clock, sent } = serverWith([
      part(
        { channel: 'public:a', seq: 7 },
        { channel: 'public:b', error: busy },
        { channel: '@user:auth0=7Cann', error: busy },
        { channel: '@user:bob' },
        { channel: '@all', error: busy },
      ),
      part(
        { channel: 'public:b', seq: 8 },
        { channel: '@user:auth0=7Cann', seq: 9 },
        { channel: '@all', error: busy },
      ),
      ok({ channel: '@all' }),
    ]);
    const request = {
      channels: ['public:a', 'public:b'],
      users: ['auth0|ann', 'bob'],
      everyone: true,
      data: 1,
    };
    const published = server.publish({ ...request, key: 'k' });
    await clock.pass(1_000);

    expect(await published).toEqual({
      results: [
        { channel: 'public:a', seq: 7 },
        { channel: 'public:b', seq: 8 },
        { channel: '@user:auth0=7Cann', seq: 9 },
        { channel: '@user:bob' },
        { channel: '@all' },
      ],
    });
    expect(sent.map(({ body }) => body)).toEqual([
      { ...request, key: 'k' },
      { channels: ['public:b'], users: ['auth0|ann'], everyone: true, data: 1, key: 'k' },
      { channels: [], users: [], everyone: true, data: 1, key: 'k' },
    ]);
  });

  it('fails if one channel refuses, says what the others have, and what is left to send', async () => {
    const forbidden = refusal('forbidden', 403);
    const { server, clock, sent } = serverWith([
      part(
        { channel: 'nowhere:a', error: forbidden },
        { channel: 'public:a', seq: 7 },
        { channel: 'public:b', error: busy },
      ),
      Response.json({ ...busy, results: [{ channel: 'public:b', error: busy }] }, { status: 503 }),
    ]);
    const request = { channels: ['nowhere:a', 'public:a', 'public:b'], data: 1, key: 'k' };
    const error = await failureOf(server.publish(request), clock);

    expect(error).toBeInstanceOf(PublishError);
    expect(error).toMatchObject({
      code: 'busy',
      isRetryable: true,
      results: [
        { channel: 'nowhere:a', error: forbidden },
        { channel: 'public:a', seq: 7 },
        { channel: 'public:b', error: busy },
      ],
      remaining: { channels: ['public:b'], data: 1, key: 'k' },
    });
    expect(sent).toHaveLength(4);
  });

  it('keeps the key of a message that was lost on the way, so that its author can repeat it', async () => {
    const { server, clock } = serverWith(['silence'], { retries: 0 });
    const error = await failureOf(server.publish({ users: ['ann'], data: 1 }), clock);

    expect(error).toMatchObject({
      code: 'timeout',
      status: 408,
      results: [],
      remaining: { users: ['ann'], data: 1, key: expect.any(String) },
    });
  });

  it('ends when its signal aborts: before it is sent, while it waits for an answer, and between two attempts', async () => {
    const early = serverWith([done]);
    const aborted = { signal: AbortSignal.abort() };
    expect(await failureOf(early.server.publish({ channels: ['public:a'], data: 1 }, aborted))).toMatchObject(
      {
        code: 'closed',
        isRetryable: false,
      },
    );
    expect(early.sent).toEqual([]);

    for (const step of ['silence', new TypeError('fetch failed')] as const) {
      const { server, clock, sent } = serverWith([step]);
      const ending = new AbortController();
      const published = failureOf(
        server.publish({ channels: ['public:a'], data: 1 }, { signal: ending.signal }),
      );
      await clock.pass(50);
      ending.abort();

      expect(await published).toMatchObject({ code: 'closed' });
      expect([sent.length, clock.planned]).toEqual([1, 0]);
    }
  });

  it('refuses at once what is not JSON, and sends nothing', async () => {
    const { server, sent } = serverWith([done]);

    expect(await failureOf(server.publish({ channels: ['public:a'], data: Number.NaN }))).toMatchObject({
      code: 'bad-request',
    });
    expect(sent).toEqual([]);
  });

  it('passes on what the function for tokens throws', async () => {
    const token = () => {
      throw new TypeError('no secret');
    };
    const { server, sent } = serverWith([done], { token });

    await expect(server.publish({ channels: ['public:a'], data: 1 })).rejects.toThrow('no secret');
    expect(sent).toEqual([]);
  });
});

describe('revoke', () => {
  it('is tried again after a failure that may pass', async () => {
    const { server, clock, sent } = serverWith([new TypeError('fetch failed'), Response.json({ closed: 2 })]);
    const revoked = server.revoke({ user: 'ann' });
    await clock.pass(100);

    expect(await revoked).toEqual({ closed: 2 });
    expect(sent).toEqual([
      { url: `${URL}/revocations`, body: { user: 'ann' } },
      { url: `${URL}/revocations`, body: { user: 'ann' } },
    ]);
  });

  it('waits for as long as the function may take', async () => {
    const { server, clock, sent } = serverWith(['silence', Response.json({ closed: 0 })]);
    const revoked = server.revoke({ user: 'ann' });
    await clock.pass(34_999);
    expect(sent).toHaveLength(1);
    await clock.pass(200);

    expect(await revoked).toEqual({ closed: 0 });
  });

  it('fails by the refusal of the server', async () => {
    const { server } = serverWith([Response.json(refusal('forbidden', 403), { status: 403 })]);

    expect(await failureOf(server.revoke({ user: 'ann' }))).toMatchObject({
      code: 'forbidden',
      message: 'It is forbidden.',
    });
  });
});

describe('a client for servers', () => {
  it.each(['wss://example.com/prod', 'example.com', '', 'file:///etc/passwd'])(
    'takes no URL such as %j',
    (url) => {
      expect(() => new FanfareServer(url, { token: TOKEN })).toThrow('Pass the output ApiUrl of the stack');
    },
  );

  it.each([
    { retries: -1 },
    { retries: 6 },
    { retries: 1.5 },
    { timeoutMs: 0 },
    { timeoutMs: 60_001 },
    { timeoutMs: Number.NaN },
  ])('takes no options such as %o', (options) => {
    expect(() => new FanfareServer(URL, { token: TOKEN, ...options })).toThrow(
      `FanfareServer: ${Object.keys(options)[0]}: it is a`,
    );
  });

  it('takes the options at the end of their ranges', () => {
    for (const options of [
      { retries: 0, timeoutMs: 1 },
      { retries: 5, timeoutMs: 60_000 },
    ])
      expect(() => new FanfareServer(`${URL}/`, { token: TOKEN, ...options })).not.toThrow();
  });
});
