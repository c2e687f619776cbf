/** Leaving a channel, and coming back. */

import { describe, expect, it } from 'vitest';
import { connected, setUp } from './connected.ts';
import { settle } from './fake-clock.ts';
import { SILENCE } from './fake-server.ts';
import { follow } from './follow.ts';

describe('unsubscribing', () => {
  it('stops delivery at once, even within a frame', async () => {
    const { server, connection } = await connected();
    const got: unknown[] = [];
    const subscription = connection.channel('open:x').subscribe(({ data }) => {
      got.push(data);
      subscription.unsubscribe();
    });
    await subscription.ready;
    const channel = server.channel('open:x');

    server.push('open:x', [channel.append(1), channel.append(2)]);
    await settle();

    expect(got).toEqual([1]);
    expect(server.commandsOf('unsubscribe')).toMatchObject([{ channel: 'open:x' }]);
  });

  it('leaves a channel when its last subscription ends', async () => {
    const { server, connection } = await connected();
    const one = follow(connection, 'open:x');
    const two = follow(connection, 'open:x');
    await settle();

    one.subscription.unsubscribe();
    await settle();
    server.say('open:x', 1);
    expect(server.commandsOf('unsubscribe')).toEqual([]);
    two.subscription.unsubscribe();
    await settle();

    expect([one.got, two.got]).toEqual([[], [1]]);
    expect(server.commandsOf('unsubscribe')).toHaveLength(1);
  });

  it('waits for the reply to the subscribe before it, which it could overtake otherwise', async () => {
    const { server, connection } = await connected();
    server.script = () => SILENCE;
    const { subscription } = follow(connection, 'open:x');
    await settle();
    subscription.unsubscribe();
    await settle();
    expect(server.commands).toHaveLength(1);

    server.socket.push({ id: server.commands[0]?.id, event: 'subscribed', channel: 'open:x', seq: 100 });
    await settle();

    expect(server.commands.map(({ action }) => action)).toEqual(['subscribe', 'unsubscribe']);
  });

  it('lets a new subscribe wait for its reply, which could overtake it otherwise', async () => {
    const { server, connection } = await connected();
    const { subscription } = follow(connection, 'open:x');
    await subscription.ready;
    server.script = () => SILENCE;
    subscription.unsubscribe();
    await settle();
    follow(connection, 'open:x');
    await settle();
    expect(server.commands.map(({ action }) => action)).toEqual(['subscribe', 'unsubscribe']);

    server.socket.push({ id: server.commands[1]?.id, event: 'unsubscribed', channel: 'open:x' });
    await settle();

    expect(server.commands.at(-1)).toMatchObject({ action: 'subscribe' });
  });

  it('and subscribing again at once sends only a subscribe', async () => {
    const { server, connection } = await connected();
    follow(connection, 'open:x').subscription.unsubscribe();
    const { got, subscription } = follow(connection, 'open:x');
    await subscription.ready;
    server.say('open:x', 1);

    expect(got).toEqual([1]);
    expect(server.commands.map(({ action }) => action)).toEqual(['subscribe']);
  });

  it('follows from an aborted signal', async () => {
    const { server, connection } = await connected();
    const controller = new AbortController();
    const { got, subscription } = follow(connection, 'open:x', { signal: controller.signal });
    await subscription.ready;

    controller.abort();
    await settle();
    server.say('open:x', 1);

    expect(got).toEqual([]);
    expect(server.commandsOf('unsubscribe')).toHaveLength(1);
  });

  it('before the first connection sends nothing at all', async () => {
    const { server, connection } = setUp();
    const { subscription } = follow(connection, 'open:x', { signal: AbortSignal.abort() });

    await expect(subscription.ready).rejects.toMatchObject({ code: 'closed' });
    await settle();

    expect(server.commands).toEqual([]);
  });
});
