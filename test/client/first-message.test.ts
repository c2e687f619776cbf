/** Subscriptions that are made before the channel's first message. */

import { describe, expect, it, vi } from 'vitest';
import { connected } from './connected.ts';
import { follow } from './follow.ts';

const NAME = 'fresh:x';

describe('before the first message', () => {
  it('a subscription has position 0, and gets the message at once without asking for anything', async () => {
    const { server, connection } = await connected();
    const { got, subscription } = follow(connection, NAME);
    await subscription.ready;
    expect(subscription.position).toBe(0);

    server.say(NAME, 'first');
    server.say(NAME, 'second');

    expect(got).toEqual(['first', 'second']);
    expect(subscription.position).toBe(102);
    expect(server.commandsOf('history')).toEqual([]);
  });

  it('a message that overtakes the first one waits for it', async () => {
    const { server, connection } = await connected();
    const { got, subscription } = follow(connection, NAME);
    await subscription.ready;
    const [first, second] = [server.channel(NAME).append('first'), server.channel(NAME).append('second')];

    server.push(NAME, [second]);
    expect(got).toEqual([]);
    server.push(NAME, [first]);

    expect(got).toEqual(['first', 'second']);
    expect(server.commandsOf('history')).toEqual([]);
  });

  it('a first message that comes before the reply is delivered behind it', async () => {
    const { server, connection } = await connected();
    server.script = ({ action, channel: name }, socket) => {
      if (action !== 'subscribe') return undefined;
      const message = { ...server.channel(name).append('first'), time: 0 };
      socket.push({ event: 'messages', channel: name, first: message.seq, messages: [message] });
      // The head was read before.
      return { event: 'subscribed', seq: 0 };
    };
    const { got, subscription } = follow(connection, NAME);
    await subscription.ready;

    expect(got).toEqual(['first']);
  });

  it('a message whose predecessor never comes is delivered behind the messages of history', async () => {
    const { server, clock, connection } = await connected();
    const { got, subscription } = follow(connection, NAME);
    await subscription.ready;
    server.channel(NAME).append('first');

    server.say(NAME, 'second');
    expect(got).toEqual([]);
    await clock.pass(1_000);

    expect(got).toEqual(['first', 'second']);
    expect(server.commandsOf('history')).toMatchObject([{ after: 0 }]);
  });

  it('a number that no writer used is passed over', async () => {
    const { server, clock, connection } = await connected();
    const { got, subscription } = follow(connection, NAME);
    await subscription.ready;
    server.channel(NAME).seal();

    server.say(NAME, 'second');
    await clock.pass(1_000);

    expect(got).toEqual(['second']);
  });

  it('a client whose absence ends inside the retention misses nothing', async () => {
    const { server, clock, connection } = await connected();
    const onRecovered = vi.fn();
    const { got, subscription } = follow(connection, NAME, { onRecovered });
    await subscription.ready;
    server.socket.cut();
    for (const data of ['first', 'second']) server.channel(NAME).append(data);
    await clock.pass(1_000);

    expect(got).toEqual(['first', 'second']);
    expect(onRecovered).toHaveBeenCalledTimes(1);
  });

  it('a client whose absence outlasts the retention is told of a loss from the first number on', async () => {
    const { server, clock, connection } = await connected();
    const { got, subscription } = follow(connection, NAME);
    await subscription.ready;
    server.socket.cut();
    for (const data of ['first', 'second', 'third']) server.channel(NAME).append(data);
    server.channel(NAME).expireTo(102);
    await clock.pass(1_000);

    expect(got).toEqual(['lost 101-102', 'third']);
  });

  it('a client that asked for all kept messages is told of no loss of expired ones', async () => {
    const { server, clock, connection } = await connected();
    for (const data of ['first', 'second', 'third']) server.channel(NAME).append(data);
    server.channel(NAME).expireTo(102);
    const { got } = follow(connection, NAME, { after: 0 });
    await clock.pass(500);

    expect(got).toEqual(['third']);
  });

  it('a client that asked for all messages and got none is told of the loss of later ones', async () => {
    const { server, clock, connection } = await connected();
    const { got, subscription } = follow(connection, NAME, { after: 0 });
    await subscription.ready;
    server.socket.cut();
    for (const data of ['first', 'second']) server.channel(NAME).append(data);
    server.channel(NAME).expireTo(101);
    await clock.pass(1_000);

    expect(got).toEqual(['lost 101-101', 'second']);
  });
});
