/** A time of day that is set, forward or back, while a connection lasts. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../packages/client/src/lib/platform/clock.ts';
import { connected } from './connected.ts';
import { FakeClock } from './fake-clock.ts';
import { SILENCE } from './fake-server.ts';
import { jsonWebToken } from './json-web-token.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

describe.each([
  ['back', -HOUR],
  ['forward', HOUR],
])('a clock that is set %s by an hour', (_, ms) => {
  it('changes no delay between attempts', async () => {
    const { server, clock, connection, told } = await connected();
    connection.renew();
    await clock.pass(MINUTE);
    clock.set(ms);

    server.socket.cut();

    expect(told.at(-1)).toEqual(['reconnecting', { delayMs: 500, reason: '1006' }]);
    await clock.pass(500);
    expect(connection.state).toBe('connected');
  });

  it('changes nothing in what the server asks for', async () => {
    const { server, clock } = await connected();
    server.socket.push({ event: 'closing', reason: 'deploy', reconnectAfter: 20_000 });
    clock.set(ms);
    server.socket.cut();

    await clock.pass(19_999);
    expect(server.sockets).toHaveLength(1);
    await clock.pass(1);

    expect(server.sockets).toHaveLength(2);
  });

  it('changes nothing in the heartbeat', async () => {
    const { server, clock } = await connected();
    await clock.pass(MINUTE);
    clock.set(ms);

    await clock.pass(3.5 * MINUTE - 1);
    expect(server.commandsOf('ping')).toEqual([]);
    await clock.pass(1);

    expect(server.commandsOf('ping')).toHaveLength(1);
  });

  it('changes nothing in the renewal of a token', async () => {
    const clock = new FakeClock();
    const token = () => jsonWebToken({ exp: clock.now() / SECOND + 3_600 });
    const { server } = await connected({ clock, token, random: () => 0 });
    clock.set(ms);

    await clock.pass(54 * MINUTE - 1);
    expect(server.sockets).toHaveLength(1);
    await clock.pass(1);

    expect(server.sockets).toHaveLength(2);
  });
});

it.each([
  ['a clock that is set back', -HOUR, 12 * MINUTE],
  ['a system that slept for an hour', HOUR, MINUTE],
])('a publish is not repeated after the server has forgotten its key, with %s', async (_, ms, afterMs) => {
  const { server, clock, connection } = await connected();
  server.script = () => SILENCE;
  const published = expect(connection.channel('open:x').publish(1)).rejects.toMatchObject({
    code: 'timeout',
  });
  await clock.pass(SECOND);
  clock.set(ms);

  await clock.pass(afterMs);

  await published;
});

describe('the system', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('measures durations by a clock that is never set', () => {
    const before = systemClock.now();

    vi.setSystemTime(Date.now() - HOUR);

    expect(systemClock.now() - before).toBe(0);
    expect(systemClock.date?.()).toBe(Date.now());
  });
});
