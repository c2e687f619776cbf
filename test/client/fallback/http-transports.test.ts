/** The common behaviour of the two transports over HTTP: to the core, each is a WebSocket. */

import { describe, expect, it } from 'vitest';
import { settle } from '../fake-clock.ts';
import { SILENCE } from '../fake-server.ts';
import { follow } from '../follow.ts';
import { connected, type Setup } from './connected.ts';
import { FakeFallback, NEVER, refused } from './fake-fallback.ts';

async function subscribed({ connection }: Setup, channel = 'open:x') {
  const { got, subscription } = follow(connection, channel);
  await subscription.ready;
  return got;
}

describe.each(['sse', 'polling'] as const)('by %s', (transport) => {
  const open = { transports: [transport], token: 'header.payload.signature' };

  it('replies come with the request, and messages as they are pushed', async () => {
    const setup = await connected(open);
    const got = await subscribed(setup);

    expect(await setup.connection.channel('open:x').publish('mine')).toEqual({ seq: 101 });
    await settle();
    setup.fallback.server.say('open:x', 'theirs');
    await settle();

    expect(got).toEqual(['mine', 'theirs']);
    expect(setup.visited).toEqual([transport]);
    expect(setup.reasons).toEqual([]);
  });

  it('the token is in a header of every request, and in no URL', async () => {
    const { fallback, connection } = await connected(open);
    await connection.channel('open:x').publish(1);
    connection.close();
    await settle();

    expect(new Set(fallback.requests.map(({ method }) => method))).toEqual(
      new Set(['GET', 'POST', 'DELETE']),
    );
    for (const { authorization, target } of fallback.requests) {
      expect(authorization).toBe('Bearer header.payload.signature');
      expect(target).not.toContain('payload');
    }
  });

  it('there is no header without a token', async () => {
    const { fallback } = await connected({ transports: [transport] });

    expect(fallback.requests[0]?.authorization).toBeNull();
  });

  it('all requests of a socket name one session, and another socket another', async () => {
    const { fallback, connection, clock } = await connected(open);
    await connection.channel('open:x').publish(1);
    const before = new Set(fallback.requests.map(({ session }) => session));
    connection.renew();
    await clock.pass(500);

    expect(before.size).toBe(1);
    expect([...before][0]).toMatch(/^[\w-]{16,64}$/);
    expect(new Set(fallback.requests.map(({ session }) => session)).size).toBe(2);
  });

  it('nothing is lost or repeated when the function is killed', async () => {
    const setup = await connected(open);
    const got = await subscribed(setup);
    setup.fallback.server.say('open:x', 1);
    await settle();
    setup.fallback.kill();
    setup.fallback.server.say('open:x', 2);
    await setup.clock.pass(500);
    setup.fallback.server.say('open:x', 3);
    await settle();

    expect(got).toEqual([1, 2, 3]);
  });

  it('handlers do not notice rotation, because the new session has all subscriptions before the old one ends', async () => {
    const setup = await connected(open);
    const got = await subscribed(setup);

    setup.connection.renew();
    for (let n = 0; n < 30; n += 1) {
      setup.fallback.server.say('open:x', n);
      await setup.clock.pass(500);
    }

    expect(got).toEqual(Array.from({ length: 30 }, (_, n) => n));
    expect(setup.fallback.open).toBe(1);
    expect(setup.fallback.requestsOf('DELETE')).toHaveLength(1);
  });

  it('a closing frame reaches the connection, which moves to a new session', async () => {
    const { fallback, clock, reasons } = await connected(open);

    fallback.server.socket.push({ event: 'closing', reason: 'lifetime', reconnectAfter: 0 });
    await clock.pass(15_000);

    expect(fallback.server.sockets).toHaveLength(2);
    expect(fallback.open).toBe(1);
    expect(reasons).toEqual([]);
  });

  it.each([
    [401, '4401'],
    [403, '4403'],
    [429, '4429'],
  ])(
    'a refusal with %i shows as the reason %s, and ends the session only if there may be one',
    async (status, reason) => {
      const fallback = new FakeFallback();
      fallback.intercept = () => refused(status, 'whatever');
      const { connection, reasons } = await connected(open, fallback);

      expect(connection.state).toBe('connecting');
      expect(reasons).toEqual([reason]);
      expect(fallback.requestsOf('DELETE')).toHaveLength(status === 429 ? 1 : 0);
    },
  );

  it.each([
    ['the page of a portal', 200, 'text/html', '<html>Log in</html>'],
    ['the page of a proxy', 403, 'text/html', '<html>Blocked</html>'],
    ['a refusal of the platform', 403, 'application/json', '{"Message":"Forbidden"}'],
  ])('%s is neither a connection nor a refusal by the server', async (_, status, type, body) => {
    const page = async () => new Response(body, { status, headers: { 'content-type': type } });
    const { connection, reasons, visited } = await connected({ ...open, fetch: page });

    expect(connection.state).toBe('connecting');
    expect(reasons).toEqual(['1006']);
    expect(visited).toEqual([]);
  });

  it('the client gives up a request after 8 seconds without an answer', async () => {
    const { reasons, clock } = await connected({ ...open, fetch: () => NEVER });

    await clock.pass(7_999);
    expect(reasons).toEqual([]);
    await clock.pass(1);

    expect(reasons).toEqual(['1006']);
  });

  it('a missing reply ends the socket as it ends a WebSocket', async () => {
    const { fallback, connection, clock, reasons } = await connected(open);
    fallback.server.script = () => SILENCE;
    const published = connection.channel('open:x').publish(1);
    await clock.pass(15_000);
    fallback.server.script = () => undefined;
    await clock.pass(2_000);

    expect(await published).toEqual({ seq: 101 });
    expect(reasons).toEqual(['no pong']);
  });

  it('closing ends the session, and leaves no timer and no request', async () => {
    const { fallback, connection, clock } = await connected(open);

    connection.close();
    await settle();

    expect(fallback.open).toBe(0);
    expect(clock.planned).toBe(0);
    expect(fallback.requestsOf('GET').at(-1)?.signal?.aborted).toBe(true);
    expect(fallback.requests.at(-1)?.method).toBe('DELETE');
  });
});
