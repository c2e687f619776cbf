/** Promises of the application that settle late or never. */

import { describe, expect, it } from 'vitest';
import { connected, setUp } from './connected.ts';
import { FakeClock } from './fake-clock.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const never = () => new Promise<string>(() => {});

describe('a token function that never settles', () => {
  it('is called again, and the connection says so', async () => {
    let calls = 0;
    const { clock, connection, told } = setUp({ token: () => (++calls === 1 ? never() : 'token') });

    await clock.pass(35 * SECOND);
    expect(told).toEqual([['reconnecting', { delayMs: 64_000, reason: 'timeout' }]]);
    await clock.pass(64 * SECOND);

    expect(connection.state).toBe('connected');
  });

  it('in a rotation is called again before the old socket ends', async () => {
    let calls = 0;
    const { server, clock, told } = await connected({ token: () => (++calls === 2 ? never() : 'token') });

    await clock.pass(112 * MINUTE);

    expect(server.sockets).toHaveLength(2);
    expect(told.map(([name]) => name)).toEqual(['state', 'reconnecting', 'rotated']);
  });

  it('for ever is reported at each attempt, while the connection that is up stays up', async () => {
    let calls = 0;
    const { clock, connection, told } = await connected({ token: () => (++calls > 1 ? never() : 'token') });

    connection.renew();
    await clock.pass(15 * MINUTE);

    expect(connection.state).toBe('connected');
    expect(told.filter(([name]) => name === 'reconnecting').length).toBeGreaterThan(5);
  });

  it('leaves no timer when the connection is closed', async () => {
    const { clock, connection } = setUp({ token: never });
    await clock.pass(SECOND);

    connection.close();

    expect(clock.planned).toBe(0);
  });
});

describe('a token that comes 40 seconds after it was asked for', () => {
  it('opens the next socket', async () => {
    const clock = new FakeClock();
    let calls = 0;
    const late = (token: string) =>
      new Promise<string>((resolve) => void clock.after(40 * SECOND, () => resolve(token)));
    const { server, connection } = setUp({ clock, token: () => late(`token ${++calls}`) });

    await clock.pass(3 * MINUTE);

    expect(connection.state).toBe('connected');
    expect(server.socket.protocols.at(-1)).toBe('token 1');
  });

  it('is used once', async () => {
    const clock = new FakeClock();
    let calls = 0;
    const late = () => new Promise<string>((resolve) => void clock.after(40 * SECOND, () => resolve('late')));
    const { server, connection } = setUp({ clock, token: () => (++calls > 1 ? 'fresh' : late()) });
    await clock.pass(3 * MINUTE);
    server.socket.cut();

    await clock.pass(MINUTE);

    expect(connection.state).toBe('connected');
    expect(server.sockets.map(({ protocols }) => protocols.at(-1))).toEqual(['late', 'fresh']);
  });
});

it('a token function that fails after its attempt was given up is not reported', async () => {
  const clock = new FakeClock();
  let calls = 0;
  const late = () =>
    new Promise<string>((_, reject) => void clock.after(50 * SECOND, () => reject(new Error('late'))));
  const { told } = setUp({ clock, token: () => (++calls > 1 ? 'token' : late()) });

  await clock.pass(2 * MINUTE);

  expect(told.map(([name]) => name)).toEqual(['reconnecting', 'state']);
});
