/** Subscriptions that fetch missed messages. */

import { describe, expect, it, vi } from 'vitest';
import { connected, setUp } from './connected.ts';
import { settle } from './fake-clock.ts';
import { FakeServer, refusal } from './fake-server.ts';
import { follow } from './follow.ts';

describe('a subscription', () => {
  it('comes back with all others in one frame, each from its position', async () => {
    const { server, connection, clock } = await connected();
    const all = ['open:a', 'open:b', 'open:c'].map((name) => follow(connection, name));
    await settle();
    server.say('open:b', 1);
    server.socket.cut();
    server.say('open:a', 2);
    server.say('open:c', 3);
    await clock.pass(500);

    expect(server.socket.frames).toMatchObject([
      [
        { action: 'subscribe', channel: 'open:a', after: 100 },
        { action: 'subscribe', channel: 'open:b', after: 101 },
        { action: 'subscribe', channel: 'open:c', after: 100 },
      ],
    ]);
    expect(all.map(({ got }) => got)).toEqual([[2], [1], [3]]);
  });

  it.each([
    [100, [100]],
    [400, [400]],
  ])('among %i comes back in frames of %j', async (count, sizes) => {
    const { server, connection } = setUp();
    for (let n = 0; n < count; n += 1) follow(connection, `open:${n}`);
    await settle();

    expect(server.socket.frames.map((frame) => [frame].flat().length)).toEqual(sizes);
  });

  it('with long names splits at 32 KB', async () => {
    const { server, connection } = setUp();
    for (let n = 0; n < 100; n += 1)
      follow(connection, `open:${String(n).padEnd(150, 'x')}`, { after: n + 1e12 });
    for (let n = 100; n < 200; n += 1) follow(connection, `open:${String(n).padEnd(150, 'x')}`);
    await settle();

    expect(server.socket.frames.length).toBeGreaterThan(1);
    for (const text of server.socket.texts) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(32 * 1024);
    expect(server.commandsOf('subscribe')).toHaveLength(200);
  });

  it('resumes over a replay that does not fit into the reply', async () => {
    const { server, connection, clock } = await connected();
    const onRecovered = vi.fn();
    const { got } = follow(connection, 'open:x', { onRecovered });
    await settle();
    server.socket.cut();
    const channel = server.channel('open:x');
    channel.replySize = 2;
    for (const data of [1, 2, 3]) channel.append(data);
    channel.seal();
    for (const data of [4, 5]) channel.append(data);

    await clock.pass(500);

    expect(got).toEqual([1, 2, 3, 4, 5]);
    expect(server.commandsOf('history').map(({ after }) => after)).toEqual([102, 104]);
    expect(onRecovered).toHaveBeenCalledTimes(1);
  });

  it('puts live messages behind a replay that comes after them', async () => {
    const { server, connection, clock } = await connected();
    const { got } = follow(connection, 'open:x');
    await settle();
    server.socket.cut();
    server.say('open:x', 1);
    server.script = ({ action, channel }, socket) => {
      if (action !== 'subscribe') return undefined;
      const late = server.channel(channel).append('live');
      socket.push({ event: 'messages', channel, messages: [late] });
      return undefined;
    };

    await clock.pass(500);

    expect(got).toEqual([1, 'live']);
  });

  it('waits half a second for a message that was overtaken', async () => {
    const { server, connection, clock } = await connected();
    const { got } = follow(connection, 'open:x');
    await settle();
    const channel = server.channel('open:x');
    const records = [1, 2, 3].map((data) => channel.append(data));

    server.push('open:x', records.slice(1));
    await clock.pass(499);
    expect(got).toEqual([]);
    server.push('open:x', records.slice(0, 1));
    await clock.pass(10_000);

    expect(got).toEqual([1, 2, 3]);
    expect(server.commandsOf('history')).toEqual([]);
  });

  it('fetches a message that was dropped', async () => {
    const { server, connection, clock } = await connected();
    const { got } = follow(connection, 'open:x');
    await settle();
    server.channel('open:x').append('dropped');
    server.say('open:x', 'next');

    await clock.pass(1_000);

    expect(got).toEqual(['dropped', 'next']);
    expect(server.commandsOf('history')).toMatchObject([{ after: 100 }]);
  });

  it('waits a random time longer for a number that every subscriber misses, the longer the wider the channel is', async () => {
    const server = new FakeServer();
    server.script = ({ action, channel }) =>
      action === 'subscribe' ? { event: 'subscribed', channel, seq: 100, size: 5 } : undefined;
    const { connection, clock } = await connected({ random: () => 0.5 }, server);
    const { got } = follow(connection, 'open:x');
    await settle();
    const channel = server.channel('open:x');
    channel.append('dropped');
    server.socket.push({ event: 'messages', channel: 'open:x', messages: [channel.append('next')] });

    await clock.pass(500 + 8_000 - 1);
    expect(got).toEqual([]);
    await clock.pass(1);

    expect(got).toEqual(['dropped', 'next']);
  });

  it('asks for no number that a frame says is void', async () => {
    const { server, connection, clock } = await connected();
    const { got } = follow(connection, 'open:x');
    await settle();
    const channel = server.channel('open:x');
    channel.seal();
    server.push('open:x', [{ seq: 101, void: true }, channel.append('next')]);

    expect(got).toEqual(['next']);
    await clock.pass(10_000);
    expect(server.commandsOf('history')).toEqual([]);
  });

  it('reports what it lost, and goes on behind it', async () => {
    const { server, connection, clock, told } = await connected();
    const onRecovered = vi.fn();
    const { got, subscription } = follow(connection, 'open:x', { onRecovered });
    await settle();
    server.socket.cut();
    const channel = server.channel('open:x');
    for (const data of [1, 2, 3]) channel.append(data);
    channel.expireTo(102);
    await clock.pass(1_000);
    server.say('open:x', 4);
    await clock.pass(1_000);

    expect(got).toEqual(['lost 101-102', 3, 4]);
    expect(told).toContainEqual(['lost', { channel: 'open:x', from: 101, to: 102 }]);
    expect(subscription.position).toBe(104);
    expect(onRecovered).not.toHaveBeenCalled();
  });

  it('reports a hole that history may not fill', async () => {
    const { server, connection, clock, told } = await connected();
    const { got } = follow(connection, 'open:x');
    await settle();
    server.script = ({ action }) => (action === 'history' ? refusal('forbidden', 403) : undefined);
    server.channel('open:x').append('dropped');
    server.say('open:x', 'next');

    await clock.pass(1_000);

    expect(got).toEqual(['lost 101-101', 'next']);
    expect(told).toContainEqual(['error', expect.objectContaining({ code: 'forbidden' })]);
  });

  it('fetches again when history is busy', async () => {
    const { server, connection, clock } = await connected();
    const { got } = follow(connection, 'open:x');
    await settle();
    server.script = ({ action }) =>
      action === 'history' && server.commandsOf('history').length < 3 ? refusal('internal', 500) : undefined;
    server.channel('open:x').append('dropped');
    server.say('open:x', 'next');

    await clock.pass(1_000 + 500 + 1_000);

    expect(got).toEqual(['dropped', 'next']);
  });
});
