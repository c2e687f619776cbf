/** Commands by HTTP: in order, few requests, and every refusal where it belongs. */

import { describe, expect, it } from 'vitest';
import { settle } from '../fake-clock.ts';
import { refusal } from '../fake-server.ts';
import { follow } from '../follow.ts';
import { connected } from './connected.ts';
import { type Asked, refused } from './fake-fallback.ts';

const isPost = ({ method }: Asked) => method === 'POST';

describe.each(['sse', 'polling'] as const)('commands beside %s', (transport) => {
  const open = { transports: [transport], token: 'header.payload.signature' };

  it('commands keep their order: one request at a time, and the later ones share the next', async () => {
    const { fallback, connection } = await connected(open);
    let release = (_response: undefined) => {};
    const held = new Promise<undefined>((resolve) => {
      release = resolve;
    });
    const bodies: unknown[] = [];
    fallback.intercept = (asked) => {
      if (!isPost(asked)) return undefined;
      bodies.push(JSON.parse(asked.body));
      fallback.intercept = (next) => {
        if (isPost(next)) bodies.push(JSON.parse(next.body));
        return undefined;
      };
      return held.then(() => fallback.answerTo(asked));
    };

    const published = [connection.channel('open:0').publish(0)];
    await settle();
    for (let n = 1; n < 5; n += 1) published.push(connection.channel(`open:${n}`).publish(n));
    await settle();
    expect(bodies).toMatchObject([{ action: 'publish', channel: 'open:0' }]);
    release(undefined);
    await Promise.all(published);

    expect(bodies.slice(1)).toMatchObject([
      [{ channel: 'open:1' }, { channel: 'open:2' }, { channel: 'open:3' }, { channel: 'open:4' }],
    ]);
  });

  it('a request holds at most 100 commands, and at most 32 KB', async () => {
    const { fallback, connection } = await connected(open);
    const large = 'x'.repeat(1_000);

    const all = [
      ...Array.from({ length: 150 }, (_, n) => connection.channel(`open:${n}`).publish(n)),
      ...Array.from({ length: 50 }, (_, n) => connection.channel(`open:large-${n}`).publish(large)),
    ];
    await Promise.all(all);

    const bodies = fallback.requestsOf('POST').map(({ body }) => body);
    expect(Math.max(...bodies.map((body) => [JSON.parse(body)].flat().length))).toBe(100);
    expect(Math.max(...bodies.map((body) => body.length))).toBeLessThanOrEqual(32_768);
    expect(bodies.length).toBeLessThan(6);
  });

  it.each([
    ['the server, with its own words', () => refused(429, 'rate-limited', 3_000), 3_000],
    ['a function that is at its limits', () => new Response('{"Reason":"…"}', { status: 429 }), 500],
    ['a function that failed', () => new Response('Internal Server Error', { status: 502 }), 500],
    ['a proxy that waited too long', () => new Response('Request Timeout', { status: 408 }), 500],
  ])('a request refused by %s is sent again later on the same socket', async (_, answer, afterMs) => {
    const { fallback, connection, clock, reasons } = await connected(open);
    let refusals = 0;
    fallback.intercept = (asked) => (isPost(asked) && ++refusals === 1 ? answer() : undefined);

    const published = connection.channel('open:x').publish(1);
    await clock.pass(afterMs - 1);
    expect(fallback.requestsOf('POST')).toHaveLength(1);
    await clock.pass(1);

    expect(await published).toEqual({ seq: 101 });
    expect(reasons).toEqual([]);
  });

  it('each command of a refused request gets the refusal', async () => {
    const { fallback, connection } = await connected(open);
    fallback.intercept = (asked) => (isPost(asked) ? refused(403, 'forbidden') : undefined);

    const [one, other] = await Promise.allSettled([
      connection.channel('open:x').publish(1),
      connection.channel('open:y').publish(2),
    ]);

    expect(one).toMatchObject({ reason: { code: 'forbidden', status: 403 } });
    expect(other).toMatchObject({ reason: { code: 'forbidden', status: 403 } });
  });

  it('a token that has ended is replaced, and the command sent again', async () => {
    let count = 0;
    const { fallback, connection, clock } = await connected({ ...open, token: () => `token-${++count}` });
    fallback.intercept = (asked) =>
      isPost(asked) && asked.authorization === 'Bearer token-1' ? refused(401, 'token-expired') : undefined;

    const published = connection.channel('open:x').publish(1);
    await clock.pass(1_000);

    expect(await published).toEqual({ seq: 101 });
    expect(fallback.requests.at(-1)?.authorization).toBe('Bearer token-2');
  });

  it.each([
    ['a session that the server does not know', () => refused(410, 'gone'), '4410'],
    ['a page of a proxy on the way', () => new Response('<html>', { status: 404 }), '1006'],
    ['a network error', () => Promise.reject(new TypeError('fetch failed')), '1006'],
  ])('%s ends the socket, and what was sent is sent again, once, on the next', async (_, answer, reason) => {
    const setup = await connected(open);
    const { got, subscription } = follow(setup.connection, 'open:x');
    await subscription.ready;
    let failures = 0;
    setup.fallback.intercept = (asked) => (isPost(asked) && ++failures === 1 ? answer() : undefined);

    const published = setup.connection.channel('open:x').publish(1);
    await setup.clock.pass(2_000);

    expect(await published).toEqual({ seq: 101 });
    expect(got).toEqual([1]);
    expect(setup.reasons).toEqual([reason]);
  });

  it('errors of the server reject the command that caused them', async () => {
    const { fallback, connection } = await connected(open);
    fallback.server.script = () => refusal('forbidden', 403);

    await expect(connection.channel('public:x').publish(1)).rejects.toMatchObject({ code: 'forbidden' });
  });
});
