/** The next token before the last one ends. */

import { describe, expect, it, vi } from 'vitest';
import { connected } from './connected.ts';
import { FakeClock } from './fake-clock.ts';
import { follow } from './follow.ts';
import { issue, sayByTokens } from './issued.ts';
import { jsonWebToken } from './json-web-token.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

describe('renewal', () => {
  it.each([
    [0, 54 * MINUTE],
    [1, 48.6 * MINUTE],
  ])('happens when most of the lifetime is over (at random %i after %i ms)', async (chance, ms) => {
    const clock = new FakeClock();
    const token = issue(clock, HOUR);
    const { server } = await connected({ clock, token, random: () => chance });

    await clock.pass(ms - 1);
    expect(token).toHaveBeenCalledTimes(1);
    await clock.pass(501);

    expect(token).toHaveBeenCalledTimes(2);
    expect(server.open.at(-1)?.protocols[2]).toBe(token.mock.results[1]?.value);
  });

  it('counts from the moment when the client got the token, not from its time of issue', async () => {
    const clock = new FakeClock();
    const old = jsonWebToken({ iat: clock.now() / SECOND - 3_000, exp: clock.now() / SECOND + 600 });
    const token = vi.fn(() => old);
    await connected({ clock, token, random: () => 0 });

    await clock.pass(9 * MINUTE - 1);
    expect(token).toHaveBeenCalledTimes(1);
    await clock.pass(1);

    expect(token).toHaveBeenCalledTimes(2);
  });

  it('never comes later than the rotation that is due anyway', async () => {
    const clock = new FakeClock();
    const { server } = await connected({ clock, token: issue(clock, 1e9 * SECOND), random: () => 0 });

    await clock.pass(110 * MINUTE - 1);
    expect(server.sockets).toHaveLength(1);
    await clock.pass(1);

    expect(server.sockets).toHaveLength(2);
  });

  it('keeps a client that only listens connected for hours, without a gap and unnoticed', async () => {
    const clock = new FakeClock();
    const { server, connection, told } = await connected({ clock, token: issue(clock, 10 * MINUTE) });
    const { got } = follow(connection, 'open:x');

    for (let n = 0; n < 600; n += 1) {
      await clock.pass(MINUTE);
      sayByTokens(server, clock, n);
    }

    expect(got).toEqual(Array.from({ length: 600 }, (_, n) => n));
    expect(told.filter(([name]) => name !== 'rotated')).toEqual([['state', 'connected']]);
    expect(server.sockets.length).toBeLessThan(80);
  });

  it('goes on trying while the login is down, and loses nothing when that takes too long', async () => {
    const clock = new FakeClock();
    const good = issue(clock, 10 * MINUTE);
    let isDown = false;
    const token = () => {
      if (isDown) throw new Error('The login is down');
      return good();
    };
    const { server, connection, told } = await connected({ clock, token });
    const { got } = follow(connection, 'open:x');
    isDown = true;

    for (let n = 0; n < 15; n += 1) {
      await clock.pass(MINUTE);
      if (n === 12) isDown = false;
      sayByTokens(server, clock, n);
    }

    expect(got).toEqual(Array.from({ length: 15 }, (_, n) => n));
    expect(told).toContainEqual([
      'error',
      expect.objectContaining({ cause: new Error('The login is down') }),
    ]);
    expect(connection.state).toBe('connected');
  });

  it('does not come for a token that stays the same', async () => {
    const clock = new FakeClock();
    const { server } = await connected({ clock, token: issue(clock, HOUR)() });

    await clock.pass(98 * MINUTE);

    expect(server.sockets).toHaveLength(1);
  });
});
