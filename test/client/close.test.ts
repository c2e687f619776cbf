/** How everything ends. */

import { historyOf, messagesOf } from 'fanfare-client/history';
import { membersOf } from 'fanfare-client/presence';
import { describe, expect, it, vi } from 'vitest';
import { connected, setUp } from './connected.ts';
import { settle } from './fake-clock.ts';
import { FakeServer, SILENCE } from './fake-server.ts';

describe('closing', () => {
  it('rejects all promises that wait, and leaves no timer', async () => {
    const { server, connection, clock } = await connected();
    server.script = ({ action }) => (action === 'subscribe' ? undefined : SILENCE);
    const channel = connection.channel('open:x');
    const onEnd = vi.fn();
    const subscription = channel.subscribe(() => {}, { onEnd });
    await subscription.ready;
    const waiting = [channel.publish(1), channel.publish(2), historyOf(channel), membersOf(channel)];
    const failures = Promise.all(
      waiting.map((promise) => expect(promise).rejects.toMatchObject({ code: 'closed' })),
    );
    await settle();
    server.channel('open:x').append('missing');
    server.say('open:x', 'behind a hole');

    connection.close();
    await failures;
    await settle();

    expect(onEnd).toHaveBeenCalledExactlyOnceWith(undefined);
    expect(server.open).toEqual([]);
    expect(clock.planned).toBe(0);
  });

  it.each(['refused', 'pending'] as const)('leaves no timer while a handshake is %s', async (handshakes) => {
    const server = new FakeServer();
    server.handshakes = handshakes;
    const { connection, clock } = setUp({}, server);
    const published = expect(connection.channel('open:x').publish(1)).rejects.toMatchObject({
      code: 'closed',
    });
    await settle();

    connection.close();
    await published;

    expect(clock.planned).toBe(0);
  });

  it('in the middle of a rotation closes both sockets', async () => {
    const { server, connection, clock } = await connected();
    connection.renew();
    await clock.pass(500);
    expect(server.open).toHaveLength(2);

    connection.close();

    expect(server.open).toEqual([]);
    expect(clock.planned).toBe(0);
  });

  it('before a token is there opens no socket', async () => {
    let give: (token: string) => void = () => {};
    const token = () =>
      new Promise<string>((resolve) => {
        give = resolve;
      });
    const { server, connection } = setUp({ token });

    connection.close();
    give('late');
    await settle();

    expect(server.sockets).toEqual([]);
  });

  it('is final', async () => {
    const { connection } = await connected();
    connection.close();
    connection.close();
    const channel = connection.channel('open:x');
    const closed = { code: 'closed', status: 499 };

    await expect(channel.publish(1)).rejects.toMatchObject(closed);
    await expect(historyOf(channel)).rejects.toMatchObject(closed);
    await expect(channel.subscribe(() => {}).ready).rejects.toMatchObject(closed);
    await expect(connection.ping()).rejects.toMatchObject(closed);
    connection.renew();
    await settle();
    expect(connection.state).toBe('closed');
  });

  it('calls an `onEnd` that subscribes again once', async () => {
    const { connection } = await connected();
    let ends = 0;
    const onEnd = () => {
      ends += 1;
      connection.channel('open:x').subscribe(() => {}, { onEnd });
    };
    connection.channel('open:x').subscribe(() => {}, { onEnd });

    connection.close();

    expect(ends).toBe(1);
  });

  it('follows from an aborted signal', async () => {
    const controller = new AbortController();
    const { server, connection } = await connected({ signal: controller.signal });

    controller.abort();

    expect(connection.state).toBe('closed');
    expect(server.open).toEqual([]);
  });

  it('happens at once if the signal was aborted before', async () => {
    const { server, connection } = setUp({ signal: AbortSignal.abort() });
    await settle();

    expect(connection.state).toBe('closed');
    expect(server.sockets).toEqual([]);
  });
});

describe('a loop over messages', () => {
  it('gets each of them in order, and unsubscribes when it is left', async () => {
    const { server, connection } = await connected();
    const got: unknown[] = [];
    const loop = (async () => {
      for await (const { data } of messagesOf(connection.channel('open:x'))) {
        got.push(data);
        if (data === 3) break;
      }
    })();
    await settle();
    for (const data of [1, 2, 3, 4]) server.say('open:x', data);

    await loop;
    await settle();

    expect(got).toEqual([1, 2, 3]);
    expect(server.commandsOf('unsubscribe')).toHaveLength(1);
  });

  it.each([
    ['the connection is closed', 'close'],
    ['its signal aborts', 'abort'],
  ])('ends when %s, after the messages that had arrived', async (_, how) => {
    const { server, connection } = await connected();
    const controller = new AbortController();
    const messages = messagesOf(connection.channel('open:x'), { signal: controller.signal });
    const first = messages.next();
    await settle();
    for (const data of [1, 2]) server.say('open:x', data);

    if (how === 'close') connection.close();
    else controller.abort();

    expect((await first).value).toMatchObject({ data: 1 });
    expect((await messages.next()).value).toMatchObject({ data: 2 });
    expect(await messages.next()).toEqual({ done: true, value: undefined });
  });

  it('throws when it is refused', async () => {
    const { server, connection } = await connected();
    server.script = () => ({ event: 'error', code: 'forbidden', status: 403, message: 'No.' });

    await expect(messagesOf(connection.channel('open:x')).next()).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  it('throws when it is too far behind, after the messages that it has', async () => {
    const { server, connection } = await connected();
    const messages = messagesOf(connection.channel('open:x'));
    const first = messages.next();
    await settle();
    for (let n = 0; n < 10_002; n += 1) server.say('open:x', n);

    expect((await first).value).toMatchObject({ data: 0 });
    for (let n = 1; n < 10_000; n += 1) await messages.next();
    await expect(messages.next()).rejects.toMatchObject({ code: 'overflow' });
  });
});
