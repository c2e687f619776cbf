/** Rotation: the client moves to a new socket, and handlers do not notice it. */

import { describe, expect, it } from 'vitest';
import { connected } from './connected.ts';
import { settle } from './fake-clock.ts';
import { refusal, SILENCE } from './fake-server.ts';

const MINUTE = 60_000;

describe('rotation', () => {
  it.each([
    [0, 110],
    [1, 99],
  ])(
    'happens before the platform ends the connection (at random %i after %i minutes)',
    async (chance, minutes) => {
      const { server, clock, told } = await connected({ random: () => chance });

      await clock.pass(minutes * MINUTE - 1);
      expect(server.sockets).toHaveLength(1);
      await clock.pass(501);

      expect(server.sockets).toHaveLength(2);
      expect(told.at(-1)).toEqual(['rotated', undefined]);
    },
  );

  it('subscribes on the new socket before it closes the old one', async () => {
    const { server, connection, clock } = await connected();
    const got: unknown[] = [];
    await connection.channel('open:x').subscribe(({ data }) => got.push(data)).ready;
    server.say('open:x', 1);
    server.script = ({ after }) => (after === undefined ? undefined : SILENCE);

    connection.renew();
    await clock.pass(500);
    expect(server.open).toHaveLength(2);
    server.say('open:x', 'old socket');
    server.script = () => undefined;
    const [command] = server.commands.slice(-1);
    const channel = server.channel('open:x');
    server.socket.push({
      id: command?.id,
      event: 'subscribed',
      channel: 'open:x',
      seq: channel.head,
      recovered: true,
      ...channel.read(command?.after ?? 0, 10),
    });
    await clock.pass(10_000);

    expect(command).toMatchObject({ action: 'subscribe', after: 101 });
    expect(server.open).toEqual([server.socket]);
    expect(got).toEqual([1, 'old socket']);
  });

  it('is invisible to handlers while both sockets deliver', async () => {
    const { server, connection, clock, told } = await connected();
    const got: unknown[] = [];
    await connection.channel('open:x').subscribe(({ data }) => got.push(data)).ready;

    connection.renew();
    for (let n = 0; n < 30; n += 1) {
      server.say('open:x', n);
      await clock.pass(500);
    }

    expect(got).toEqual(Array.from({ length: 30 }, (_, n) => n));
    expect(server.open).toHaveLength(1);
    expect(told.map(([name]) => name)).toEqual(['state', 'rotated']);
  });

  it('neither repeats nor misses a message without a number', async () => {
    const { server, connection, clock } = await connected();
    server.script = ({ action }) => (action === 'subscribe' ? { event: 'subscribed' } : undefined);
    const got: unknown[] = [];
    await connection.channel('live:x').subscribe(({ data }) => got.push(data)).ready;
    const push = (index: number, data: unknown) =>
      server.sockets[index]?.push({ event: 'messages', channel: 'live:x', messages: [{ data, time: 0 }] });

    connection.renew();
    await clock.pass(500);
    for (const data of ['both', 'both']) for (const socket of [0, 1]) push(socket, data);
    push(1, 'new first');
    push(0, 'new first');
    push(0, 'late on the new');
    await clock.pass(10_000);
    push(1, 'late on the new');
    push(1, 'after');

    expect(got).toEqual(['both', 'both', 'new first', 'late on the new', 'after']);
  });

  it('waits for replies that are due on the old socket', async () => {
    const { server, connection, clock } = await connected();
    server.script = ({ action }) => (action === 'publish' ? SILENCE : undefined);
    const published = connection.channel('open:x').publish(1);
    await settle();

    connection.renew();
    await clock.pass(9_000);
    expect(server.open).toHaveLength(2);
    server.sockets[0]?.push({ id: server.commands[0]?.id, event: 'published', seq: 7 });

    expect(await published).toEqual({ seq: 7 });
    await clock.pass(1_500);
    expect(server.open).toEqual([server.sockets[1]]);
  });

  it('sends a publish again, under its key, when the old socket ends without a reply', async () => {
    const { server, connection, clock } = await connected();
    server.script = ({ action }, socket) =>
      action === 'publish' && socket === server.sockets[0] ? SILENCE : undefined;
    const published = connection.channel('open:x').publish(1);
    await settle();

    connection.renew();
    await clock.pass(500);
    server.sockets[0]?.cut();
    await clock.pass(500);

    expect(await published).toEqual({ seq: 101 });
    const keys = server.commandsOf('publish').map(({ messages }) => messages[0]?.key);
    expect(keys).toEqual([keys[0], keys[0]]);
  });

  it('that fails leaves the connection as it is, and is tried again', async () => {
    const { server, connection, clock, told } = await connected();
    const got: unknown[] = [];
    await connection.channel('open:x').subscribe(({ data }) => got.push(data)).ready;
    server.handshakes = 'refused';

    connection.renew();
    await clock.pass(10_000);
    server.say('open:x', 1);
    expect(connection.state).toBe('connected');
    expect(server.sockets.length).toBeGreaterThan(3);
    server.handshakes = 'accepted';
    await clock.pass(MINUTE);

    expect(got).toEqual([1]);
    expect(server.open).toEqual([server.socket]);
    expect(told.at(-1)).toEqual(['rotated', undefined]);
    expect(told.filter(([name]) => name === 'state')).toHaveLength(1);
  });

  it('becomes a reconnection when the old socket ends first', async () => {
    const { server, connection, clock } = await connected();
    const got: unknown[] = [];
    await connection.channel('open:x').subscribe(({ data }) => got.push(data)).ready;
    server.script = () => SILENCE;
    connection.renew();
    await clock.pass(500);

    server.sockets[0]?.cut();
    expect(connection.state).toBe('connected');
    server.say('open:x', 1);
    server.script = () => undefined;
    await clock.pass(11_000);

    expect(got).toEqual([1]);
    expect(server.sockets).toHaveLength(2);
  });

  it('takes subscriptions along that come and go meanwhile', async () => {
    const { server, connection, clock } = await connected();
    const old = connection.channel('open:old').subscribe(() => {});
    await old.ready;
    connection.renew();
    const got: unknown[] = [];
    old.unsubscribe();
    const fresh = connection.channel('open:new').subscribe(({ data }) => got.push(data));
    await fresh.ready;
    await clock.pass(10_500);

    server.say('open:new', 1);

    expect(got).toEqual([1]);
    expect(server.open).toHaveLength(1);
  });

  it('uses a new token, and happens by itself when the server says that the old one has expired', async () => {
    let count = 0;
    const { server, connection, clock } = await connected({ token: () => `token-${++count}` });
    server.script = (_, socket) => (socket === server.sockets[0] ? refusal('token-expired', 401) : undefined);
    const published = connection.channel('open:x').publish(1);

    await clock.pass(1_000);

    expect(await published).toEqual({ seq: 101 });
    expect(server.socket.protocols[2]).toBe('token-2');
  });

  it('does not storm a server that finds every token expired', async () => {
    const { server, connection, clock } = await connected({ token: () => 'stale' });
    server.script = () => refusal('token-expired', 401);
    connection.channel('open:x').subscribe(() => {});

    await clock.pass(10 * MINUTE);

    expect(server.sockets.length).toBeLessThan(40);
  });

  it('cannot help a token that stays the same', async () => {
    const { server, connection } = await connected({ token: 'fixed' });
    server.script = () => refusal('token-expired', 401);

    await expect(connection.channel('open:x').publish(1)).rejects.toMatchObject({ code: 'token-expired' });
  });
});
