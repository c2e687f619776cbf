/** Tokens and clocks that are not as they should be. */

import { describe, expect, it, vi } from 'vitest';
import { connected } from './connected.ts';
import { FakeClock } from './fake-clock.ts';
import { follow } from './follow.ts';
import { issue, sayByTokens } from './issued.ts';
import { expiryOf, jsonWebToken } from './json-web-token.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

describe('renewal', () => {
  it.each([
    ['is not a JWT', () => 'opaque'],
    ['has no end', () => jsonWebToken({ sub: 'ann' })],
    ['has ended by the clock here', (now: number) => jsonWebToken({ exp: now - HOUR / SECOND })],
    ['is garbage', () => 'a.b.c'],
    ['ends in a million years', () => jsonWebToken({ exp: 1e308 })],
  ])('leaves the rotation as it is for a token that %s', async (_, tokenAt) => {
    const clock = new FakeClock();
    const token = () => tokenAt(clock.now() / SECOND);
    const { server } = await connected({ clock, token });

    await clock.pass(99 * MINUTE);
    expect(server.sockets).toHaveLength(1);
    await clock.pass(500);

    expect(server.sockets).toHaveLength(2);
  });

  it.each([
    ['always seem to end at once', (now: number) => now + 0.001],
    ['always seem to end in seconds', (now: number) => now + 3],
    ['seem to have ended', (now: number) => now - 1],
  ])('causes no storm when tokens %s', async (_, expAt) => {
    const clock = new FakeClock();
    const token = vi.fn(() => jsonWebToken({ exp: expAt(clock.now() / SECOND) }));
    const { connection } = await connected({ clock, token });
    follow(connection, 'open:x');

    await clock.pass(HOUR);

    // As often as a connection that is lost again and again is made anew.
    expect(token.mock.calls.length).toBeLessThan(HOUR / (5 * SECOND));
  });

  it('gets past a function that hands out one token until it has ended', async () => {
    const clock = new FakeClock();
    const good = issue(clock, 10 * MINUTE);
    let kept = good();
    const token = vi.fn(() => {
      if (expiryOf(kept) <= clock.now()) kept = good();
      return kept;
    });
    const { server, connection } = await connected({ clock, token });
    const { got } = follow(connection, 'open:x');

    for (let n = 0; n < 60; n += 1) {
      await clock.pass(MINUTE);
      sayByTokens(server, clock, n);
    }

    expect(got).toEqual(Array.from({ length: 60 }, (_, n) => n));
    expect(token.mock.calls.length).toBeLessThan(100);
  });

  it.each([
    ['behind', -HOUR],
    ['ahead', HOUR],
  ])('loses nothing when the client’s clock is an hour %s', async (_, apartMs) => {
    const clock = new FakeClock();
    const serverTime = () => clock.now() - apartMs;
    const token = () => {
      const iat = serverTime() / SECOND;
      return jsonWebToken({ iat, exp: iat + 600 });
    };
    const { server, connection, told } = await connected({ clock, token });
    const { got } = follow(connection, 'open:x');

    for (let n = 0; n < 60; n += 1) {
      await clock.pass(MINUTE);
      for (const socket of server.open) if (expiryOf(socket.protocols[2]) <= serverTime()) socket.cut(1000);
      server.say('open:x', n);
    }
    await clock.pass(SECOND);

    expect(got).toEqual(Array.from({ length: 60 }, (_, n) => n));
    expect(told.filter(([name]) => name === 'lost')).toEqual([]);
    expect(server.sockets.length).toBeLessThan(10);
  });
});
