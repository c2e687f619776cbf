/** A message loop that its reader ends: at a `yield`, while it waits for a message, and before it has begun. */

import { once } from 'node:events';
import { Readable } from 'node:stream';
import { messagesOf } from 'fanfare-client/history';
import { describe, expect, it } from 'vitest';
import { connected } from './connected.ts';
import { settle } from './fake-clock.ts';

const END = { done: true, value: undefined };

async function waiting() {
  const { server, connection } = await connected();
  const messages = messagesOf(connection.channel('open:x'));
  const next = messages.next();
  await settle();
  return { server, messages, next };
}

describe('a message loop that waits for a message', () => {
  it('ends at once and unsubscribes when it is returned', async () => {
    const { server, messages, next } = await waiting();

    await expect(messages.return()).resolves.toEqual(END);
    await expect(next).resolves.toEqual(END);
    await settle();

    expect(server.commandsOf('unsubscribe')).toHaveLength(1);
    await expect(messages.next()).resolves.toEqual(END);
  });

  it('ends at once and unsubscribes when its reader throws into it', async () => {
    const { server, messages, next } = await waiting();
    const mistake = new Error('the mistake of the reader');

    await expect(messages.throw(mistake)).rejects.toBe(mistake);
    await expect(next).resolves.toEqual(END);
    await settle();

    expect(server.commandsOf('unsubscribe')).toHaveLength(1);
  });

  it('gives no message that comes after its end', async () => {
    const { server, messages, next } = await waiting();
    const returned = messages.return();
    server.say('open:x', 'late');

    await expect(next).resolves.toEqual(END);
    await expect(returned).resolves.toEqual(END);
  });

  it('ends each of several reads that wait', async () => {
    const { messages, next } = await waiting();
    const others = [messages.next(), messages.next()];
    await messages.return();

    expect(await Promise.all([next, ...others])).toEqual([END, END, END]);
  });
});

describe('a message loop', () => {
  it('unsubscribes when it is returned between two messages', async () => {
    const { server, messages, next } = await waiting();
    server.say('open:x', 'first');
    server.say('open:x', 'second');
    await expect(next).resolves.toMatchObject({ value: { data: 'first' } });

    await expect(messages.return()).resolves.toEqual(END);
    await settle();

    expect(server.commandsOf('unsubscribe')).toHaveLength(1);
  });

  it('subscribes to nothing when it is returned before it has begun', async () => {
    const { server, connection } = await connected();
    const messages = messagesOf(connection.channel('open:x'));

    await expect(messages.return()).resolves.toEqual(END);
    await expect(messages.next()).resolves.toEqual(END);
    await settle();

    expect(server.commands).toEqual([]);
  });

  it.each([undefined, new Error('the mistake of the reader')])(
    'unsubscribes when the stream that reads it is destroyed with %s',
    async (mistake) => {
      const { server, connection } = await connected();
      const stream = Readable.from(messagesOf(connection.channel('open:x')));
      stream.resume();
      await settle();
      stream.destroy(mistake);

      await once(stream, 'close').catch((error: unknown) => expect(error).toBe(mistake));
      await settle();

      expect(stream.closed).toBe(true);
      expect(server.commandsOf('unsubscribe')).toHaveLength(1);
    },
  );
});
