/** Up when a better transport works again. */

import { describe, expect, it } from 'vitest';
import { SILENCE } from '../fake-server.ts';
import { follow } from '../follow.ts';
import { blocked, isStream } from './blocked.ts';
import { connected } from './connected.ts';
import { NEVER } from './fake-fallback.ts';
import { stubWindow } from './window.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

describe('climbing', () => {
  it('comes half a minute later at most, by a rotation, and misses nothing', async () => {
    const { fallback, clock, visited, connection } = await connected({ random: () => 0 }, blocked());
    const { got, subscription } = follow(connection, 'open:x');
    await subscription.ready;
    const states: string[] = [];
    connection.on('state', (state) => states.push(state));
    fallback.server.handshakes = 'accepted';

    for (let n = 0; n < 90; n += 1) {
      fallback.server.say('open:x', n);
      await clock.pass(500);
    }

    expect(visited).toEqual(['sse', 'websocket']);
    expect(got).toEqual(Array.from({ length: 90 }, (_, n) => n));
    expect(states).toEqual([]);
    expect(fallback.open).toBe(0);
    expect(fallback.server.open).toHaveLength(1);
  });

  it('is tried after growing delays, and leaves nothing behind', async () => {
    const { fallback, clock } = await connected({ random: () => 0 }, blocked());
    const tries: number[] = [];
    for (let minute = 0; minute < 30; minute += 1) {
      const before = fallback.server.sockets.length;
      await clock.pass(MINUTE);
      // The session in use is one of the sockets of the fake server.
      if (fallback.server.sockets.length > before) tries.push(minute);
    }

    // At 30 s, 90 s, 210 s, 450 s, 750 s, 1,050 s, 1,350 s, 1,650 s.
    expect(tries).toEqual([0, 1, 3, 7, 12, 17, 22, 27]);
    expect(fallback.server.open).toHaveLength(1);
  });

  it('asks for a fresh token for each probe', async () => {
    let count = 0;
    const token = () => `token-${++count}`;
    const { fallback, clock } = await connected({ token, random: () => 0 }, blocked());

    await clock.pass(2 * MINUTE);

    const tokens = fallback.server.sockets.map(({ protocols }) => protocols[2]);
    expect(tokens).toEqual(['token-1', undefined, 'token-3', 'token-4']);
  });

  it('outlives a token function that fails, and tries again', async () => {
    let isDown = false;
    const token = () => (isDown ? Promise.reject(new Error('The login is down')) : 'token');
    const { fallback, clock, visited } = await connected({ token }, blocked());
    await clock.pass(500);
    isDown = true;
    fallback.server.handshakes = 'accepted';
    await clock.pass(20 * SECOND);
    expect(visited).toEqual(['sse']);

    isDown = false;
    await clock.pass(MINUTE);

    expect(visited).toEqual(['sse', 'websocket']);
  });

  it('needs a pong, and not only an open socket', async () => {
    const { fallback, clock, visited } = await connected({}, blocked());
    fallback.server.handshakes = 'accepted';
    fallback.server.script = ({ action }, { protocols }) =>
      action === 'ping' && protocols[0] === 'fanfare.v1' ? SILENCE : undefined;

    await clock.pass(70 * SECOND);

    expect(visited).toEqual(['sse']);
    expect(fallback.server.open).toHaveLength(1);
  });

  it('takes the best transport that works', async () => {
    let isStreamBlocked = true;
    const fallback = blocked((asked) => (isStream(asked) && isStreamBlocked ? NEVER : undefined));
    const { clock, visited } = await connected({}, fallback);
    await clock.pass(10 * SECOND);
    expect(visited).toEqual(['polling']);

    isStreamBlocked = false;
    await clock.pass(MINUTE);
    expect(visited).toEqual(['polling', 'sse']);
    fallback.server.handshakes = 'accepted';
    await clock.pass(5 * MINUTE);

    expect(visited).toEqual(['polling', 'sse', 'websocket']);
  });

  it('comes at once when the page is seen, but not each time that the user switches to it', async () => {
    const { happen } = stubWindow();
    const { fallback, clock, visited } = await connected({}, blocked());
    await clock.pass(6 * SECOND);

    for (let n = 0; n < 10; n += 1) {
      happen('visibilitychange');
      await clock.pass(100);
    }
    expect(fallback.server.sockets).toHaveLength(3);
    fallback.server.handshakes = 'accepted';
    await clock.pass(5 * SECOND);
    happen('visibilitychange');
    await clock.pass(1 * SECOND);

    expect(visited).toEqual(['sse', 'websocket']);
  });

  it('is not needed when the network is back, because the connection begins with the best transport', async () => {
    const { happen } = stubWindow();
    const { fallback, clock, visited } = await connected(
      {},
      blocked(() => Promise.reject(new TypeError('fetch failed'))),
    );
    await clock.pass(600);
    fallback.server.handshakes = 'accepted';
    fallback.intercept = () => undefined;

    happen('online');
    await clock.pass(0);

    expect(visited).toEqual(['websocket']);
  });

  it('leaves a connection alone that has reached the transport by itself', async () => {
    const { happen } = stubWindow();
    const { fallback, clock, visited } = await connected({}, blocked());
    const { server } = fallback;
    await clock.pass(500);
    server.handshakes = 'pending';
    await clock.pass(15 * SECOND);
    const probe = server.socket;
    server.handshakes = 'accepted';
    fallback.kill();
    await clock.pass(0);
    happen('online');
    await clock.pass(0);
    const count = server.sockets.length;

    probe.accept();
    await clock.pass(5 * SECOND);

    expect(probe.frames).toEqual([{ action: 'ping' }]);
    expect(visited).toEqual(['sse', 'websocket']);
    expect(server.sockets).toHaveLength(count);
  });

  it('does not go back and forth if sockets open and are cut', async () => {
    const { fallback, clock, visited } = await connected({ random: () => 0 });
    for (let second = 0; second < 3_600; second += 1) {
      for (const socket of fallback.server.open) if (socket.protocols[0] === 'fanfare.v1') socket.cut();
      await clock.pass(SECOND);
    }

    // Every five minutes in the end: a probe, and two attempts.
    const sockets = fallback.server.sockets.filter(({ protocols }) => protocols[0] === 'fanfare.v1');
    expect(sockets.length).toBeLessThan(3 * 17);
    expect(visited.at(-1)).toBe('sse');
  });
});
