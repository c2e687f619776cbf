/** Subscriptions: their messages and their ends. */

import { presenceHandlers } from 'fanfare-client/presence';
import { describe, expect, it, vi } from 'vitest';
import { connected } from './connected.ts';
import { settle } from './fake-clock.ts';
import { refusal } from './fake-server.ts';
import { follow } from './follow.ts';

describe('a subscription', () => {
  it('starts with the first message after it', async () => {
    const { server, connection } = await connected();
    server.say('open:x', 'before');
    const { got, subscription } = follow(connection, 'open:x');
    await subscription.ready;

    server.say('open:x', 'after');

    expect(got).toEqual(['after']);
    expect(subscription.position).toBe(102);
  });

  it('starts behind a position that is given', async () => {
    const { server, connection } = await connected();
    for (const data of ['a', 'b', 'c']) server.say('open:x', data);
    const onRecovered = vi.fn();

    const { got } = follow(connection, 'open:x', { after: 101, onRecovered });
    await settle();

    expect(got).toEqual(['b', 'c']);
    expect(onRecovered).toHaveBeenCalledTimes(1);
  });

  it('passes all fields of a message to the handler', async () => {
    const { server, connection } = await connected();
    const handler = vi.fn();
    await connection.channel('open:x').subscribe(handler).ready;

    server.socket.push({
      event: 'messages',
      channel: 'open:x',
      messages: [{ seq: 101, data: { a: 1 }, from: 'ann', time: 5 }],
    });

    expect(handler).toHaveBeenCalledExactlyOnceWith({ seq: 101, data: { a: 1 }, from: 'ann', time: 5 });
  });

  it('is asked for in one frame with all others of the same moment', async () => {
    const { server, connection } = await connected();

    for (const name of ['open:a', 'open:b', 'open:c']) follow(connection, name);
    await settle();

    expect(server.socket.frames).toHaveLength(1);
    expect(server.commandsOf('subscribe').map(({ channel }) => channel)).toEqual([
      'open:a',
      'open:b',
      'open:c',
    ]);
  });

  it('ends when it is refused', async () => {
    const { server, connection, told } = await connected();
    server.script = () => refusal('forbidden', 403);
    const onEnd = vi.fn();

    const { subscription } = follow(connection, 'chat:x', { onEnd });

    await expect(subscription.ready).rejects.toMatchObject({ code: 'forbidden', status: 403 });
    expect(onEnd).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'forbidden' }));
    expect(told).toContainEqual(['error', expect.objectContaining({ code: 'forbidden' })]);
  });

  it('does not disturb the others when it is refused', async () => {
    const { server, connection } = await connected();
    server.script = ({ channel }) => (channel === 'chat:x' ? refusal('forbidden', 403) : undefined);
    follow(connection, 'chat:x');
    const { got, subscription } = follow(connection, 'open:x');
    await subscription.ready;

    server.say('open:x', 1);

    expect(got).toEqual([1]);
  });

  it.each([
    ['busy', 503, undefined, 500],
    ['internal', 500, undefined, 500],
    ['rate-limited', 429, 7_000, 7_000],
  ])('is asked for again when the server is %s', async (code, status, retryAfter, waitMs) => {
    const { server, connection, clock } = await connected();
    server.script = () => (server.commands.length === 1 ? refusal(code, status, retryAfter) : undefined);
    const { subscription } = follow(connection, 'open:x');

    await clock.pass(waitMs - 1);
    expect(server.commands).toHaveLength(1);
    await clock.pass(1);

    await subscription.ready;
  });

  it('ends when there are too many channels, because that failure is final', async () => {
    const { server, connection } = await connected();
    server.script = () => refusal('rate-limited', 429);

    await expect(follow(connection, 'open:x').subscription.ready).rejects.toMatchObject({
      code: 'rate-limited',
    });
  });

  it('delivers messages without numbers as they come', async () => {
    const { server, connection } = await connected();
    server.script = () => ({ event: 'subscribed' });
    const { got, subscription } = follow(connection, 'live:x');
    await subscription.ready;

    for (const data of ['a', 'b', 'b']) {
      server.socket.push({ event: 'messages', channel: 'live:x', messages: [{ data, time: 0 }] });
    }

    expect(got).toEqual(['a', 'b', 'b']);
    expect(subscription.position).toBeUndefined();
  });

  it('gets joins and leaves of members', async () => {
    const { server, connection } = await connected();
    const onJoined = vi.fn();
    const onLeft = vi.fn();
    await follow(connection, 'open:x', presenceHandlers({ onJoined, onLeft })).subscription.ready;

    server.socket.push({ event: 'joined', channel: 'open:x', member: { user: 'ann' } });
    server.socket.push({ event: 'left', channel: 'open:x', member: { user: 'bo' } });

    expect(onJoined).toHaveBeenCalledExactlyOnceWith({ user: 'ann', info: undefined });
    expect(onLeft).toHaveBeenCalledExactlyOnceWith({ user: 'bo', info: undefined });
  });

  it('survives an error of its handler', async () => {
    const { server, connection, told } = await connected();
    const got: unknown[] = [];
    const handler = vi.fn(({ data }) => {
      got.push(data);
      if (data === 1) throw new Error('one');
      return data === 2 ? Promise.reject(new Error('two')) : undefined;
    });
    await connection.channel('open:x').subscribe(handler).ready;

    for (const data of [1, 2, 3]) server.say('open:x', data);
    await settle();

    expect(got).toEqual([1, 2, 3]);
    expect(told.slice(-2)).toEqual([
      ['error', new Error('one')],
      ['error', new Error('two')],
    ]);
  });

  it('shows in its handler the position of the message being handled', async () => {
    const { server, connection } = await connected();
    const positions: unknown[] = [];
    const subscription = connection.channel('open:x').subscribe(() => positions.push(subscription.position));
    await subscription.ready;
    const channel = server.channel('open:x');

    server.push('open:x', [channel.append(1), channel.append(2)]);

    expect(positions).toEqual([101, 102]);
  });
});
