/** Connections that begin, end and come back. */

import { connect } from 'fanfare-client';
import { describe, expect, it, vi } from 'vitest';
import { connected, setUp } from './connected.ts';
import { settle } from './fake-clock.ts';
import { FakeServer, SILENCE } from './fake-server.ts';
import { FakeSocket } from './fake-socket.ts';

const MINUTE = 60_000;

describe('a connection', () => {
  it('offers the protocol, then its name, then the token', async () => {
    const { server } = await connected({ token: 'header.payload.signature' });

    expect(server.socket.protocols).toEqual([
      'fanfare.v1',
      expect.stringContaining('fanfare.client.'),
      'header.payload.signature',
    ]);
    expect(server.socket.url).toBe('ws://fake/stage');
  });

  it('offers one random name of the client on every socket, by which the server knows its keys', async () => {
    const { server, connection, clock } = await connected();
    const other = await connected();

    server.socket.cut();
    await clock.pass(MINUTE);
    connection.renew();
    await clock.pass(MINUTE);

    const [name = ''] = server.socket.protocols.slice(1);
    expect(name).toMatch(/^fanfare\.client\.[A-Za-z0-9_-]{16,64}$/);
    expect(server.sockets.map(({ protocols }) => protocols)).toEqual(
      Array.from({ length: 3 }, () => ['fanfare.v1', name]),
    );
    expect(other.server.socket.protocols).not.toContain(name);
  });

  it('asks the token function for every attempt', async () => {
    let count = 0;
    const token = async () => `token-${++count}`;
    const { server, clock } = await connected({ token });

    server.socket.cut();
    await clock.pass(MINUTE);

    expect(server.sockets.map(({ protocols }) => protocols[2])).toEqual(['token-1', 'token-2']);
  });

  it('goes on trying when the token function fails, and says why', async () => {
    let isDown = true;
    const token = () => (isDown ? Promise.reject(new Error('The login is down')) : 'token');
    const { connection, clock, told } = await connected({ token });
    expect(connection.state).toBe('connecting');
    expect(told[0]).toEqual(['error', expect.objectContaining({ cause: new Error('The login is down') })]);

    isDown = false;
    await clock.pass(MINUTE);

    expect(connection.state).toBe('connected');
  });

  it('reports its state', async () => {
    const { server, connection, clock, told } = await connected();
    expect(connection.state).toBe('connected');

    server.socket.cut();
    expect(connection.state).toBe('connecting');
    await clock.pass(500);
    connection.close();

    expect(told).toEqual([
      ['state', 'connected'],
      ['state', 'connecting'],
      ['reconnecting', { delayMs: 500, reason: '1006' }],
      ['state', 'connected'],
      ['state', 'closed'],
    ]);
  });

  it('tries for ever to come back, with delays that double up to the cap', async () => {
    const server = new FakeServer();
    server.handshakes = 'refused';
    const { clock, told } = setUp({}, server);

    await clock.pass(5 * MINUTE);

    const delays = told.map(([, event]) => event);
    expect(delays.slice(0, 9)).toMatchObject(
      [500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 90_000].map((delayMs) => ({ delayMs })),
    );
    expect(server.sockets.length).toBeGreaterThan(8);
  });

  it('spreads its delays at random', async () => {
    const random = vi.fn(() => 0.25);
    const server = new FakeServer();
    server.handshakes = 'refused';
    const { clock, told } = setUp({ random }, server);

    await clock.pass(600);

    expect(told.slice(0, 2)).toMatchObject([
      ['reconnecting', { delayMs: 125 }],
      ['reconnecting', { delayMs: 250 }],
    ]);
  });

  it.each([
    ['starts over after it was stable', 10_000, 500],
    ['goes on counting when it was not', 9_999, 4_000],
  ])('%s', async (_, upMs, delayMs) => {
    const server = new FakeServer();
    server.handshakes = 'refused';
    const { clock, told } = setUp({ heartbeat: { idleMs: MINUTE } }, server);
    await clock.pass(500 + 1_000);
    server.handshakes = 'accepted';
    await clock.pass(2_000);

    await clock.pass(upMs);
    server.socket.cut();

    expect(told.at(-1)).toEqual(['reconnecting', { delayMs, reason: '1006' }]);
  });

  it('gives up a handshake that gets no answer', async () => {
    const server = new FakeServer();
    server.handshakes = 'pending';
    const { clock, told } = setUp({}, server);

    await clock.pass(35_000);

    expect(told).toMatchObject([['reconnecting', { reason: 'timeout' }]]);
  });

  it('replaces itself when the server says it is closing, not before the time it names', async () => {
    const { server, clock, told } = await connected();

    server.socket.push({ event: 'closing', reason: 'deploy', reconnectAfter: 3_000 });
    await clock.pass(2_999);
    expect(server.sockets).toHaveLength(1);
    await clock.pass(1_001);

    expect(server.sockets).toHaveLength(2);
    expect(told).toContainEqual(['closing', { reason: 'deploy', reconnectAfterMs: 3_000 }]);
    expect(told.at(-1)).toEqual(['rotated', undefined]);
  });

  it('keeps a socket when the server closes the one that it has replaced', async () => {
    const { server, connection, clock, told } = await connected();
    connection.renew();
    await clock.pass(500);
    expect(server.open).toHaveLength(2);

    server.sockets[0]?.push({ event: 'closing', reason: 'deploy', reconnectAfter: 0 });
    await clock.pass(MINUTE);

    expect(server.sockets).toHaveLength(2);
    expect(server.open).toEqual([server.socket]);
    expect(told.filter(([name]) => name === 'rotated')).toHaveLength(1);
  });

  it('gives up a socket that the server closes before it has replaced the old one', async () => {
    const { server, connection, clock, told } = await connected();
    await connection.channel('open:x').subscribe(() => {}).ready;
    server.script = () => SILENCE;
    connection.renew();
    await clock.pass(500);
    server.script = () => undefined;

    server.socket.push({ event: 'closing', reason: 'deploy', reconnectAfter: 3_000 });
    await clock.pass(2_999);
    expect(server.sockets).toHaveLength(2);
    expect(connection.state).toBe('connected');
    await clock.pass(1);

    expect(server.sockets).toHaveLength(3);
    expect(told.at(-1)).toEqual(['rotated', undefined]);
  });

  it('stays away as long as the server asked for, even if it is cut off before', async () => {
    const { server, clock } = await connected();

    server.socket.push({ event: 'closing', reason: 'deploy', reconnectAfter: 20_000 });
    server.socket.cut();
    await clock.pass(19_999);
    expect(server.sockets).toHaveLength(1);
    await clock.pass(1);

    expect(server.sockets).toHaveLength(2);
  });

  it('needs a WebSocket of the platform or of the options', () => {
    vi.stubGlobal('WebSocket', undefined);

    expect(() => connect('ws://fake')).toThrow(TypeError);
    vi.unstubAllGlobals();
  });

  it.each(['', 'fake', '/live', 'ws://', 'ws://a b', 'ws://fake:99999'])(
    'refuses the impossible URL "%s" at once',
    (url) => {
      expect(() => connect(url, { webSocket: new FakeServer().webSocket })).toThrow(TypeError);
    },
  );

  it.each(['SyntaxError', 'SecurityError'])(
    'ends, and says why, when the platform throws a %s',
    async (name) => {
      const cause = new DOMException('No.', name);
      const webSocket = class extends FakeSocket {
        constructor(url: string, protocols: string[]) {
          super(url, protocols);
          throw cause;
        }
      };
      const { connection, told } = setUp({ webSocket, token: 'not a token' });
      const published = expect(connection.channel('open:x').publish(1)).rejects.toMatchObject({
        code: 'closed',
      });

      await published;

      expect(told[0]).toEqual(['error', expect.objectContaining({ cause })]);
      expect(told.at(-1)).toEqual(['state', 'closed']);
    },
  );

  it('goes on trying when a token function gives an impossible token once', async () => {
    const server = new FakeServer();
    const { webSocket: WebSocket } = server;
    const webSocket = class extends WebSocket {
      constructor(url: string, protocols: string[]) {
        if (protocols[2] === '<html>') throw new SyntaxError('No token');
        super(url, protocols);
      }
    };
    let calls = 0;
    const { clock, connection } = setUp(
      { webSocket, token: () => (++calls === 1 ? '<html>' : 'token') },
      server,
    );

    await clock.pass(500);

    expect(connection.state).toBe('connected');
  });

  it('outlives frames that make no sense', async () => {
    const { server, connection } = await connected();

    for (const text of ['', 'x', '1', 'null', '[null]', '{"event":7}', '{"event":"messages"}', '[[]]']) {
      server.socket.push(text);
    }
    await settle();

    expect(connection.state).toBe('connected');
  });

  it('reports errors that answer no command', async () => {
    const { server, told } = await connected();

    server.socket.push({ message: 'Internal server error', connectionId: 'a', requestId: 'b' });

    expect(told.at(-1)).toEqual(['error', expect.objectContaining({ message: 'Internal server error' })]);
  });
});
