/** Tokens that the server refuses, and token functions that fail. */

import { describe, expect, it } from 'vitest';
import { connected, setUp } from './connected.ts';
import { FakeServer, refusal } from './fake-server.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

describe('an expired token', () => {
  it('that is refused late, on a socket that was replaced, causes no second replacement', async () => {
    const { server, connection, clock } = await connected({ token: () => 'token' });
    server.schedule = (run) => void clock.after(2 * SECOND, run);
    server.script = ({ action }, socket) =>
      action === 'publish' && socket === server.sockets[0] ? refusal('token-expired', 401) : undefined;
    const published = connection.channel('open:x').publish(1);
    connection.renew();

    await clock.pass(20 * SECOND);

    expect(await published).toEqual({ seq: 101 });
    expect(server.sockets).toHaveLength(2);
  });

  it('causes no storm from a client that only publishes, if the server admits it and refuses every command', async () => {
    const { server, connection, clock } = await connected({ token: () => 'stale' });
    server.script = () => refusal('token-expired', 401);
    for (let n = 0; n < 50; n += 1)
      connection
        .channel(`open:${n}`)
        .publish(n)
        .catch(() => {});

    await clock.pass(8 * MINUTE);

    expect(server.sockets.length).toBeLessThan(60);
  });
});

describe('a handshake that is refused', () => {
  it('is tried again after a delay, each time with the next token of the token function', async () => {
    const server = new FakeServer();
    server.handshakes = 'refused';
    let count = 0;
    const { clock, told } = setUp({ token: () => `token-${++count}` }, server);

    await clock.pass(MINUTE);

    const tokens = server.sockets.map(({ protocols }) => protocols[2]);
    expect(tokens).toEqual(tokens.map((_, index) => `token-${index + 1}`));
    expect(tokens.length).toBeGreaterThan(4);
    expect(told.map(([name]) => name)).toEqual(tokens.map(() => 'reconnecting'));
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('No login');
      },
    ],
    ['rejects', () => Promise.reject(new Error('No login'))],
  ])('is not even sent when the token function %s, which the client reports each time', async (_, token) => {
    const { server, clock, told } = setUp({ token });

    await clock.pass(3 * SECOND);

    expect(server.sockets).toEqual([]);
    const failure = ['error', expect.objectContaining({ cause: new Error('No login') })];
    const retry = (delayMs: number) => ['reconnecting', { delayMs, reason: 'no socket' }];
    expect(told).toEqual([failure, retry(500), failure, retry(1_000), failure, retry(2_000)]);
  });
});
