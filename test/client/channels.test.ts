/** Many channels and handlers on one connection: what one of them does costs the others nothing. */

import { historyOf } from 'fanfare-client/history';
import { mark } from 'fanfare-client/inbox';
import { membersOf } from 'fanfare-client/presence';
import { describe, expect, it, vi } from 'vitest';
import { Client } from '../../packages/client/src/lib/client.ts';
import { settingsOf } from '../../packages/client/src/lib/settings/settings.ts';
import { connected, setUp } from './connected.ts';
import { FakeClock, settle } from './fake-clock.ts';
import { FakeServer, refusal, type Script, SILENCE } from './fake-server.ts';
import { follow } from './follow.ts';

const MINUTE = 60_000;

/** More than the server accepts, and more than a frame has room for. */
const LONG_NAME = `open:${'x'.repeat(40_000)}`;

describe('a channel whose subscribe keeps failing', () => {
  const failures = [
    ['is refused as busy', () => refusal('busy', 503, 5 * MINUTE)],
    ['gets no reply', () => SILENCE],
  ] satisfies [string, () => ReturnType<Script>][];

  it.each(failures)('and %s does not hold up other channels', async (_case, answer) => {
    const { server, connection, clock } = await connected();
    server.script = ({ channel }) => (channel === 'open:bad' ? answer() : undefined);
    follow(connection, 'open:bad');
    await settle();
    const good = follow(connection, 'open:good');
    await settle();
    server.say('open:good', 1);
    good.subscription.unsubscribe();
    await settle();

    expect(good.got).toEqual([1]);
    expect(server.commandsOf('unsubscribe')).toMatchObject([{ channel: 'open:good' }]);
    expect(clock.planned).toBeGreaterThan(0);
  });

  it.each(failures)('and %s does not keep the client on its old socket', async (_case, answer) => {
    const { server, connection, clock, told } = await connected();
    server.script = ({ channel }) => (channel === 'open:bad' ? answer() : undefined);
    follow(connection, 'open:bad');
    follow(connection, 'open:good');
    await clock.pass(MINUTE);

    connection.renew();
    await clock.pass(20 * MINUTE);

    expect(told).toContainEqual(['rotated', undefined]);
    expect(server.open).toHaveLength(1);
  });

  it('is asked for again after its own pause, and works then', async () => {
    const { server, connection, clock } = await connected();
    server.script = ({ channel }) => (channel === 'open:bad' ? refusal('busy', 503, 2 * MINUTE) : undefined);
    const { subscription } = follow(connection, 'open:bad');
    await settle();
    server.script = () => undefined;
    for (let n = 0; n < 10; n += 1) {
      await clock.pass(10_000);
      await follow(connection, `open:${n}`).subscription.ready;
    }
    expect(server.commandsOf('subscribe').filter(({ channel }) => channel === 'open:bad')).toHaveLength(1);
    await clock.pass(20_000);

    await subscription.ready;
  });
});

describe('1,200 handlers of 60 channels', () => {
  it('cost one subscribe for each channel, in one frame, at first and after a reconnection', async () => {
    const { server, connection, clock } = await connected();
    const all = Array.from({ length: 1_200 }, (_, n) => follow(connection, `open:${n % 60}`));
    await Promise.all(all.map(({ subscription }) => subscription.ready));
    expect(server.socket.frames).toHaveLength(1);
    expect(server.commandsOf('subscribe')).toHaveLength(60);

    server.socket.cut();
    server.say('open:7', 'missed');
    await clock.pass(500);
    server.say('open:7', 'live');

    expect(server.socket.frames).toHaveLength(1);
    expect(server.commandsOf('subscribe')).toHaveLength(120);
    const heard = all.filter(({ got }) => got.length > 0);
    expect(heard).toHaveLength(20);
    for (const { got } of heard) expect(got).toEqual(['missed', 'live']);
  });

  it('fetch what a channel dropped once', async () => {
    const { server, connection, clock } = await connected();
    const all = Array.from({ length: 20 }, () => follow(connection, 'open:x'));
    await settle();
    server.channel('open:x').append('dropped');
    server.say('open:x', 'next');
    await clock.pass(1_000);

    for (const { got } of all) expect(got).toEqual(['dropped', 'next']);
    expect(server.commandsOf('history')).toHaveLength(1);
  });
});

describe('another handler of a channel', () => {
  it('is ready at once, sends nothing, and begins with the next message', async () => {
    const { server, connection } = await connected();
    await follow(connection, 'open:x').subscription.ready;
    server.say('open:x', 'before');
    const { got, subscription } = follow(connection, 'open:x');
    await subscription.ready;

    server.say('open:x', 'after');

    expect(got).toEqual(['after']);
    expect(subscription.position).toBe(102);
    expect(server.commandsOf('subscribe')).toHaveLength(1);
  });

  it('with an older position gets what it asks for, and the first one gets nothing twice', async () => {
    const { server, connection } = await connected();
    const first = follow(connection, 'open:x', { after: 100 });
    for (const data of [1, 2, 3]) server.say('open:x', data);
    await settle();
    const second = follow(connection, 'open:x', { after: 101 });
    await settle();
    server.say('open:x', 4);

    expect(first.got).toEqual([1, 2, 3, 4]);
    expect(second.got).toEqual([2, 3, 4]);
  });

  it('with a position that the channel never had is told, once, and gets the next message', async () => {
    const { server, connection } = await connected();
    const first = follow(connection, 'open:x', { after: 100 });
    server.say('open:x', 1);
    await settle();
    const onLost = vi.fn();
    const second = follow(connection, 'open:x', { after: 9_000, onLost });
    await settle();
    server.say('open:x', 2);

    expect(onLost.mock.calls).toEqual([[{ from: 9_001, to: 101 }]]);
    expect(second.got).toEqual([2]);
    expect(first.got).toEqual([1, 2]);
  });

  it('may be added and removed by a handler while a message is delivered', async () => {
    const { server, connection } = await connected();
    const handler = vi.fn(() => void connection.channel('open:x').subscribe(handler));
    await connection.channel('open:x').subscribe(handler).ready;

    server.say('open:x', 1);
    expect(handler).toHaveBeenCalledTimes(1);
    server.say('open:x', 2);

    expect(handler).toHaveBeenCalledTimes(3);
  });
});

describe('a position that is no whole number', () => {
  it.each([1n, 1.5, Number.NaN, 2 ** 53, '1', {}])('such as %s is refused at the call', async (after) => {
    const { server, connection } = await connected();
    const options: object = { after };

    expect(() => connection.channel('open:x').subscribe(() => {}, options)).toThrow('bad-request');
    const { got, subscription } = follow(connection, 'open:x');
    await subscription.ready;
    server.say('open:x', 1);
    expect(got).toEqual([1]);
  });
});

describe('a channel name that no frame has room for', () => {
  it('is refused at once, and does not hold up later subscriptions', async () => {
    const { server, connection } = await connected();
    expect(() => follow(connection, LONG_NAME)).toThrow('bad-request');
    const { got, subscription } = follow(connection, 'open:x');
    await subscription.ready;

    server.say('open:x', 1);
    expect(got).toEqual([1]);
  });

  it('is refused without a connection, too', async () => {
    const server = new FakeServer();
    server.handshakes = 'pending';
    const { connection } = setUp({}, server);

    expect(() => follow(connection, LONG_NAME)).toThrow('bad-request');
  });

  it.each([
    ['history', 'bad-request'],
    ['members', 'bad-request'],
    ['publish', 'too-large'],
    ['mark', 'bad-request'],
  ] as const)('is refused by %s with %s', async (action, code) => {
    const { server, connection } = await connected();
    const channel = connection.channel(LONG_NAME);
    const asked = {
      history: () => historyOf(channel),
      members: () => membersOf(channel),
      publish: () => channel.publish(1),
      mark: () => mark(channel, 1),
    };

    await expect(asked[action]()).rejects.toMatchObject({ code });
    expect(server.commands).toEqual([]);
  });
});

it('a connection keeps nothing of a channel without handlers and without waiting publishes', async () => {
  const server = new FakeServer();
  const client = new Client(
    settingsOf('ws://fake', { webSocket: server.webSocket, clock: new FakeClock() }),
    undefined,
  );
  await settle();
  for (let n = 0; n < 50; n += 1) {
    const channel = client.channel(`open:${n}`);
    await channel.publish(n);
    await historyOf(channel);
    const subscription = channel.subscribe(() => {});
    await subscription.ready;
    subscription.unsubscribe();
  }
  await settle();

  expect(client.feeds.size).toBe(0);
  client.close();
});
