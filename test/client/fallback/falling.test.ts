/** Down when a transport is blocked. */

import { describe, expect, it } from 'vitest';
import { SILENCE } from '../fake-server.ts';
import { follow } from '../follow.ts';
import { block, blocked, isStream } from './blocked.ts';
import { connected } from './connected.ts';
import { NEVER, refused } from './fake-fallback.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

describe('falling', () => {
  it('does not happen if WebSockets work', async () => {
    const { fallback, visited, clock } = await connected();

    await clock.pass(10 * MINUTE);

    expect(visited).toEqual(['websocket']);
    expect(fallback.requests).toEqual([]);
  });

  it('goes to event streams if WebSockets are refused', async () => {
    const { connection, clock, visited, reasons } = await connected({}, blocked());
    await clock.pass(500);

    expect(connection.state).toBe('connected');
    expect(visited).toEqual(['sse']);
    expect(reasons).toEqual(['1006']);
  });

  it('keeps the name of the client, by which the server knows its keys', async () => {
    const { fallback, clock, visited } = await connected({ token: 'a-token' });
    for (const ms of [500, 1_000]) {
      fallback.server.socket.cut();
      await clock.pass(ms);
    }

    const [[, name] = []] = fallback.server.sockets.map(({ protocols }) => protocols);
    expect(visited).toEqual(['websocket', 'sse']);
    const told = fallback.requests.map(({ client, authorization }) => [
      `fanfare.client.${client}`,
      authorization,
    ]);
    expect(new Set(told.map(String))).toEqual(new Set([`${name},Bearer a-token`]));
  });

  it('goes to event streams after 8 seconds if a proxy swallows WebSockets', async () => {
    const fallback = blocked();
    fallback.server.handshakes = 'pending';
    const { clock, visited } = await connected({}, fallback);

    await clock.pass(8 * SECOND);
    expect(visited).toEqual([]);
    expect(fallback.server.sockets.map(({ state }) => state)).toEqual(['closed']);
    await clock.pass(500);

    expect(visited).toEqual(['sse']);
  });

  it('goes to polling if a proxy holds event streams back', async () => {
    const { clock, visited } = await connected(
      {},
      blocked((asked) => (isStream(asked) ? NEVER : undefined)),
    );

    await clock.pass(500 + 8 * SECOND + 1 * SECOND);

    expect(visited).toEqual(['polling']);
  });

  it('happens when sockets open and are cut for the second time', async () => {
    const { fallback, clock, visited } = await connected();

    fallback.server.socket.cut();
    await clock.pass(500);
    expect(visited).toEqual(['websocket']);
    fallback.server.socket.cut();
    await clock.pass(1_000);

    expect(visited).toEqual(['websocket', 'sse']);
  });

  it('happens when sockets open and carry nothing', async () => {
    const { fallback, clock, visited, connection } = await connected();
    fallback.server.script = (_, { protocols }) => (protocols[0] === 'fanfare.v1' ? SILENCE : undefined);
    const published = connection.channel('open:x').publish(1);

    await clock.pass(45 * SECOND);

    expect(await published).toEqual({ seq: 101 });
    expect(visited).toEqual(['websocket', 'sse']);
  });

  it('loses and repeats nothing', async () => {
    const { fallback, clock, connection, visited } = await connected();
    const { got, subscription } = follow(connection, 'open:x');
    await subscription.ready;
    const { server } = fallback;
    const events = new Map<number, () => void>([
      [20, () => block(fallback, 'websocket')],
      [60, () => block(fallback, 'websocket', 'sse')],
      [120, () => block(fallback)],
    ]);
    for (let n = 0; n < 400; n += 1) {
      events.get(n)?.();
      server.say('open:x', n);
      await clock.pass(500);
    }

    expect(visited).toEqual(['websocket', 'sse', 'polling', 'websocket']);
    expect(got).toEqual(Array.from({ length: 400 }, (_, n) => n));
  });

  it('begins with the best transport again when none works', async () => {
    const { fallback, clock, reasons, connection } = await connected(
      {},
      blocked(() => Promise.reject(new TypeError('fetch failed'))),
    );
    await clock.pass(5 * MINUTE);
    fallback.server.handshakes = 'accepted';
    await clock.pass(4 * MINUTE);

    expect(connection.state).toBe('connected');
    expect(fallback.server.sockets.length).toBeGreaterThan(3);
    expect(reasons.length).toBeLessThan(30);
  });

  it('stays with a transport whose server says that the token is bad', async () => {
    const fallback = blocked(() => refused(401, 'unauthenticated'));
    const { clock } = await connected({}, fallback);

    await clock.pass(10 * MINUTE);

    const polls = fallback.requests.filter(({ target }) => target.startsWith('/poll'));
    expect(polls).toEqual([]);
    expect(fallback.server.sockets.length).toBeGreaterThan(5);
  });

  it('goes from a stream to polling if there is no room for the stream', async () => {
    const { clock, visited } = await connected(
      {},
      blocked((asked) => (isStream(asked) ? new Response('{"Reason":"…"}', { status: 429 }) : undefined)),
    );

    await clock.pass(2 * SECOND);

    expect(visited).toEqual(['polling']);
  });
});
