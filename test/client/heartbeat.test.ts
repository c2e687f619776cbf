/** The moments at which the client checks whether the server still answers. */

import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { connected, setUp } from './connected.ts';
import { settle } from './fake-clock.ts';
import { FakeServer, SILENCE } from './fake-server.ts';

const MINUTE = 60_000;

describe('a heartbeat', () => {
  it('comes after four and a half minutes without traffic, and not before', async () => {
    const { server, clock } = await connected();

    await clock.pass(4.5 * MINUTE - 1);
    expect(server.commands).toEqual([]);
    await clock.pass(1);

    expect(server.socket.frames).toEqual([{ action: 'ping' }]);
  });

  it('never comes while there is traffic, in either direction', async () => {
    const { server, connection, clock } = await connected();
    await connection.channel('open:x').subscribe(() => {}).ready;

    for (let turn = 0; turn < 5; turn += 1) {
      await clock.pass(4 * MINUTE);
      server.say('open:x', turn);
      await clock.pass(4 * MINUTE);
      await connection.channel('open:x').publish(turn);
    }

    expect(server.commandsOf('ping')).toEqual([]);
  });

  it('goes on after four and a half minutes, and then every nine while pongs come', async () => {
    const { server, clock } = await connected();

    await clock.pass(9 * MINUTE);
    expect(server.commandsOf('ping')).toHaveLength(2);
    await clock.pass(9 * MINUTE - 1);
    expect(server.commandsOf('ping')).toHaveLength(2);
    await clock.pass(9 * MINUTE + 1);

    expect(server.commandsOf('ping')).toHaveLength(4);
    expect(server.sockets).toHaveLength(1);
  });

  it('begins with the short silence again on each socket, because each may go another way', async () => {
    const { server, clock, connection } = await connected();
    await clock.pass(18 * MINUTE);
    connection.renew();
    await clock.pass(MINUTE);
    const before = server.commandsOf('ping').length;

    await clock.pass(4 * MINUTE);

    expect(server.sockets).toHaveLength(2);
    expect(server.commandsOf('ping').length - before).toBe(1);
  });

  it('stays at the short silence after a ping that the application asks for', async () => {
    const { server, connection, clock } = await connected();
    await connection.ping();

    await clock.pass(4.5 * MINUTE);

    expect(server.commandsOf('ping')).toHaveLength(2);
  });

  it('never lets the server be silent for longer than the option says', async () => {
    const { server, clock } = await connected({ heartbeat: { idleMs: 2 * MINUTE } });

    await clock.pass(10 * MINUTE);

    // After 1, 2, 4, 6, 8 and 10 minutes.
    expect(server.commandsOf('ping')).toHaveLength(6);
  });

  it('without an answer makes the client reconnect at once', async () => {
    const { server, clock, connection, told } = await connected();
    server.socket.isDead = true;

    await clock.pass(4.5 * MINUTE + 4_999);
    expect(connection.state).toBe('connected');
    await clock.pass(1);

    expect(told).toContainEqual(['reconnecting', { delayMs: 0, reason: 'no pong' }]);
    expect(server.sockets).toHaveLength(2);
    expect(connection.state).toBe('connected');
  });

  it('comes when a reply is overdue', async () => {
    const { server, connection, clock } = await connected();
    server.socket.isDead = true;
    const published = connection.channel('open:x').publish(1);

    await clock.pass(10_000 + 5_000);
    expect(server.sockets).toHaveLength(2);
    await clock.pass(1_000);

    expect(await published).toEqual({ seq: 101 });
  });

  it('comes when it is asked for', async () => {
    const { server, connection, clock } = await connected();
    await connection.ping();
    expect(server.commandsOf('ping')).toHaveLength(1);

    server.script = () => SILENCE;
    const ping = expect(connection.ping()).rejects.toMatchObject({ code: 'disconnected' });
    await clock.pass(5_000);

    await ping;
  });

  it('that is asked for right after `connect` waits for the socket', async () => {
    const { server, connection } = setUp();

    await connection.ping();

    expect(server.commandsOf('ping')).toHaveLength(1);
  });

  it('that is asked for without a socket is refused when the connection is closed', async () => {
    const server = new FakeServer();
    server.handshakes = 'pending';
    const { connection } = setUp({}, server);
    const ping = expect(connection.ping()).rejects.toMatchObject({ code: 'closed' });
    await settle();

    connection.close();

    await ping;
  });

  it('is shared by all parts that ask for it at once', async () => {
    const { server, connection } = await connected();

    await Promise.all([connection.ping(), connection.ping()]);

    expect(server.commandsOf('ping')).toHaveLength(1);
  });
});

describe('in a page', () => {
  /** A page that can be hidden and shown, and a network that can go and come. */
  function stubPage() {
    const document = { hidden: false };
    const window = Object.assign(new EventTarget(), { document });
    vi.stubGlobal('window', window);
    onTestFinished(() => {
      vi.unstubAllGlobals();
    });
    return { document, window };
  }

  it('a page that is seen again, or a network that comes back, causes a ping', async () => {
    const { document, window } = stubPage();
    const { server } = await connected();

    document.hidden = true;
    window.dispatchEvent(new Event('visibilitychange'));
    await settle();
    expect(server.commandsOf('ping')).toHaveLength(0);
    document.hidden = false;
    window.dispatchEvent(new Event('visibilitychange'));
    await settle();
    expect(server.commandsOf('ping')).toHaveLength(1);
    window.dispatchEvent(new Event('online'));
    await settle();

    expect(server.commandsOf('ping')).toHaveLength(2);
  });

  it('a network that is back ends the wait for the next attempt', async () => {
    const { window } = stubPage();
    const server = new FakeServer();
    server.handshakes = 'refused';
    const { clock } = setUp({}, server);
    await clock.pass(5 * MINUTE);
    const attempts = server.sockets.length;

    window.dispatchEvent(new Event('online'));
    await settle();

    expect(server.sockets).toHaveLength(attempts + 1);
  });

  it('a network that is back opens no second socket beside one whose handshake is pending', async () => {
    const { window } = stubPage();
    const server = new FakeServer();
    server.handshakes = 'pending';
    setUp({}, server);
    await settle();

    window.dispatchEvent(new Event('online'));
    await settle();

    expect(server.sockets).toHaveLength(1);
  });

  it.each(['visibilitychange', 'online'])(
    '%s gives a handshake that hangs five seconds',
    async (happening) => {
      const { window } = stubPage();
      const server = new FakeServer();
      server.handshakes = 'pending';
      const { clock, connection } = setUp({}, server);
      await clock.pass(5_000);
      server.handshakes = 'accepted';

      window.dispatchEvent(new Event(happening));
      await clock.pass(5_000);

      expect(connection.state).toBe('connected');
      expect(server.sockets.map(({ state }) => state)).toEqual(['closed', 'open']);
    },
  );

  it('a network that is back gives a young handshake five seconds', async () => {
    const { window } = stubPage();
    const server = new FakeServer();
    server.handshakes = 'pending';
    const { clock, connection } = setUp({}, server);
    await clock.pass(2_000);
    server.handshakes = 'accepted';

    window.dispatchEvent(new Event('online'));
    await clock.pass(4_999);
    expect(server.sockets).toHaveLength(1);
    await clock.pass(1);

    expect(connection.state).toBe('connected');
  });

  it('a network that is back calls a token function again that hangs', async () => {
    const { window } = stubPage();
    let calls = 0;
    const token = () => (++calls === 1 ? new Promise<string>(() => {}) : 'token');
    const { clock, connection } = setUp({ token });
    await clock.pass(5_000);

    window.dispatchEvent(new Event('online'));
    await clock.pass(5_000);

    expect(connection.state).toBe('connected');
  });

  it('a page that is shown again and again stays away for as long as the server asks', async () => {
    const { window } = stubPage();
    const { server, clock } = await connected();
    server.socket.push({ event: 'closing', reason: 'deploy', reconnectAfter: 20_000 });
    server.socket.cut();

    for (let turn = 0; turn < 39; turn += 1) {
      window.dispatchEvent(new Event('visibilitychange'));
      await clock.pass(500);
    }
    expect(server.sockets).toHaveLength(1);
    await clock.pass(500);

    expect(server.sockets).toHaveLength(2);
  });

  it('no listener is left after the connection is closed', async () => {
    const { window } = stubPage();
    const { server, connection } = await connected();

    connection.close();
    window.dispatchEvent(new Event('online'));
    await settle();

    expect(server.sockets).toHaveLength(1);
  });
});
