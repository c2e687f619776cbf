/** The commands of one channel run in the order of their calls, for every order in which the server handles frames (OR-2). */

import type { Connection } from 'fanfare-client';
import { historyOf } from 'fanfare-client/history';
import { mark } from 'fanfare-client/inbox';
import { membersOf } from 'fanfare-client/presence';
import { describe, expect, it } from 'vitest';
import { type Hold, inAnyOrder } from './any-order.ts';
import { connected, type Setup, setUp } from './connected.ts';
import { settle } from './fake-clock.ts';
import { refusal, type Script, SILENCE } from './fake-server.ts';
import { follow } from './follow.ts';

const MINUTE = 60_000;

/** Channels with history, and without. */
const names = ['open:x', 'live:x'];

/** The actions of a channel in the order in which the server handled them. */
const handled = ({ server }: Setup, name: string) =>
  server.commands.filter(({ channel }) => channel === name).map(({ action }) => action);

/** A publish whose promise the test does not await. */
function say(connection: Connection, name: string, data: unknown): void {
  connection
    .channel(name)
    .publish(data)
    .catch(() => {});
}

describe.each(names)('in %s, a handler that subscribed before a publish sees the message', (name) => {
  it.each([
    ['on a new connection', async () => setUp()],
    ['on an old connection', () => connected()],
    ['with a token', () => connected({ token: () => 'token' })],
    ['of which another handler is there already', async () => withAnother()],
    ['that was left before', async () => withAnother().then(leave)],
  ])('%s', async (_case, open) => {
    const orders = await inAnyOrder(async (hold) => {
      const setup = await open();
      const drain = hold(setup.server);
      const { got } = follow(setup.connection, name);
      say(setup.connection, name, 1);
      say(setup.connection, name, 2);
      // Elsewhere goes something on that may overtake it all.
      for (const other of ['open:other', 'live:other']) say(setup.connection, other, 0);
      await drain();

      expect(got).toEqual([1, 2]);
    });

    expect(orders).toBeGreaterThan(1);
  });

  async function withAnother(): Promise<Setup & { leave?: () => void }> {
    const setup = await connected();
    const { subscription } = follow(setup.connection, name);
    await subscription.ready;
    return { ...setup, leave: subscription.unsubscribe };
  }

  async function leave(setup: Setup & { leave?: () => void }): Promise<Setup> {
    setup.leave?.();
    await settle();
    return setup;
  }

  it('while the connection moves to another socket', async () => {
    await inAnyOrder((hold) => rotating(hold, name));
  });

  it('after a reconnection, also one that subscribed long before', async () => {
    await inAnyOrder(async (hold) => {
      const { server, connection, clock } = await connected();
      const { got, subscription } = follow(connection, name);
      await subscription.ready;
      const drain = hold(server);
      server.socket.cut();
      say(connection, name, 1);
      await clock.pass(500);
      await drain();

      expect(got).toEqual([1]);
    });
  });

  it('and its repetition, when the reply to the publish was lost with the socket', async () => {
    await inAnyOrder(async (hold) => {
      const { server, connection, clock } = await connected();
      const { got, subscription } = follow(connection, name);
      await subscription.ready;
      server.script = ({ action }) => (action === 'publish' ? SILENCE : undefined);
      say(connection, name, 1);
      await settle();
      server.script = () => undefined;
      const drain = hold(server);
      server.socket.cut();
      await clock.pass(1_000);
      await drain();

      expect(got).toEqual([1]);
    });
  });

  it('among a hundred channels at once', async () => {
    const { server, connection } = setUp();
    // The newest frame is handled first.
    const frames: (() => void)[] = [];
    server.schedule = (run) => void frames.push(run);
    const all = Array.from({ length: 100 }, (_, n) => {
      const { got } = follow(connection, `${name}${n}`);
      say(connection, `${name}${n}`, n);
      return got;
    });
    for (await settle(); frames.length > 0; await settle()) frames.pop()?.();

    expect(all).toEqual(Array.from({ length: 100 }, (_, n) => [n]));
  });

  it('also if it subscribed while the server was busy', async () => {
    const { server, connection, clock } = await connected();
    server.script = () => (server.commandsOf('subscribe').length === 1 ? refusal('busy', 503) : undefined);
    const { got } = follow(connection, name);
    say(connection, name, 1);

    await clock.pass(500);

    expect(got).toEqual([1]);
  });
});

it('a publish does not wait for a subscription that the next socket has confirmed before the old one ended', async () => {
  const { server, connection, clock } = await connected();
  // More than fit into one frame.
  for (let n = 0; n < 101; n += 1) follow(connection, `live:${n}`);
  await settle();
  connection.renew();
  await clock.pass(499);
  let frames = 0;
  server.refuse = () => (++frames === 2 ? refusal('busy', 503) : undefined);
  await clock.pass(1);
  server.sockets[0]?.cut();
  const published = connection.channel('live:0').publish(1);
  await clock.pass(MINUTE);

  expect(frames).toBeGreaterThan(2);
  expect(await published).toEqual({});
});

async function rotating(hold: Hold, name: string): Promise<void> {
  const { server, connection, clock } = await connected();
  const before = follow(connection, name);
  await before.subscription.ready;
  connection.renew();
  await clock.pass(499);
  const drain = hold(server);
  await clock.pass(1);
  const { got } = follow(connection, name);
  say(connection, name, 1);
  await drain();

  expect(got).toEqual([1]);
  expect(before.got).toEqual([1]);
}

describe.each(names)('in %s', (name) => {
  it.each(['history', 'mark', 'members'] as const)(
    '%s is asked behind a subscribe before it',
    async (action) => {
      const orders = await inAnyOrder(async (hold) => {
        const setup = await connected();
        const drain = hold(setup.server);
        follow(setup.connection, name);
        const channel = setup.connection.channel(name);
        const asked = {
          history: () => historyOf(channel),
          mark: () => mark(channel, 1),
          members: () => membersOf(channel),
        };
        asked[action]().catch(() => {});
        say(setup.connection, 'open:other', 0);
        await drain();

        expect(handled(setup, name)).toEqual(['subscribe', action]);
      });

      expect(orders).toBeGreaterThan(1);
    },
  );

  it('a handler that has unsubscribed gets no message that is published after it', async () => {
    await inAnyOrder(async (hold) => {
      const { server, connection } = await connected();
      const drain = hold(server);
      const { got, subscription } = follow(connection, name);
      await settle();
      subscription.unsubscribe();
      const next = follow(connection, name);
      say(connection, name, 1);
      await drain();

      expect(got).toEqual([]);
      expect(next.got).toEqual([1]);
    });
  });

  it('publishes keep their order, whether or not a subscription came in between', async () => {
    await inAnyOrder(async (hold) => {
      const setup = await connected();
      const drain = hold(setup.server);
      say(setup.connection, name, 1);
      const { got } = follow(setup.connection, name);
      for (const data of [2, 3]) say(setup.connection, name, data);
      await drain();

      const sent = setup.server
        .commandsOf('publish')
        .flatMap(({ messages }) => messages.map(({ data }) => data));
      expect(sent).toEqual([1, 2, 3]);
      expect(got.slice(-2)).toEqual([2, 3]);
    });
  });
});

describe('a publish waits no longer than it has to', () => {
  it('goes out at once when every subscription is confirmed', async () => {
    const { server, connection } = await connected();
    await follow(connection, 'open:x').subscription.ready;
    server.script = ({ action }) => (action === 'publish' ? SILENCE : undefined);

    say(connection, 'open:x', 1);
    await settle();

    expect(server.commands.map(({ action }) => action)).toEqual(['subscribe', 'publish']);
  });

  it('does not wait for another channel', async () => {
    const { server, connection } = await connected();
    server.script = ({ action }) => (action === 'subscribe' ? SILENCE : undefined);
    follow(connection, 'open:slow');

    expect(await connection.channel('open:fast').publish(1)).toEqual({ seq: 101 });
  });

  it('goes out when the subscription is refused, also if the handler subscribes again at once', async () => {
    const { server, connection } = await connected();
    server.script = ({ action }) => (action === 'subscribe' ? refusal('forbidden', 403) : undefined);
    let attempts = 0;
    const subscribe = () => {
      attempts += 1;
      if (attempts < 50) connection.channel('open:x').subscribe(() => {}, { onEnd: subscribe });
    };
    subscribe();

    expect(await connection.channel('open:x').publish(1)).toEqual({ seq: 101 });
    expect(attempts).toBeLessThan(50);
  });

  it('goes out when the subscription ends unconfirmed', async () => {
    const { server, connection } = await connected();
    server.script = ({ action }) => (action === 'subscribe' ? SILENCE : undefined);
    const { subscription } = follow(connection, 'open:x');
    const published = connection.channel('open:x').publish(1);
    await settle();
    expect(server.commandsOf('publish')).toEqual([]);

    subscription.unsubscribe();

    expect(await published).toEqual({ seq: 101 });
  });

  it.each([
    ['gets no reply', () => SILENCE],
    ['finds the server busy', () => refusal('busy', 503)],
  ] satisfies [string, () => ReturnType<Script>][])(
    'goes out within a minute when the subscription always %s',
    async (_case, answer) => {
      const { server, connection, clock } = await connected();
      server.script = ({ action }) => (action === 'subscribe' ? answer() : undefined);
      follow(connection, 'open:x');
      const published = connection.channel('open:x').publish(1);

      await clock.pass(MINUTE);

      expect(await published).toEqual({ seq: 101 });
    },
  );

  it('ends with the connection', async () => {
    const { server, connection, clock } = await connected();
    server.script = () => SILENCE;
    follow(connection, 'open:x');
    const waiting = [connection.channel('open:x').publish(1), historyOf(connection.channel('open:x'))];
    const failures = Promise.all(
      waiting.map((promise) => expect(promise).rejects.toMatchObject({ code: 'closed' })),
    );
    await settle();

    connection.close();

    await failures;
    expect(clock.planned).toBe(0);
  });
});
