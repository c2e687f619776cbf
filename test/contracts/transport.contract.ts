/** The contract of the client's connection over each transport. */

import type { Connection, Message, Options, SubscribeOptions } from 'fanfare-client';
import { historyOf } from 'fanfare-client/history';
import { membersOf, presenceHandlers } from 'fanfare-client/presence';
import { valuesOf } from 'fanfare-client/values';
import { afterEach, describe, expect, it } from 'vitest';
import { tries } from '../running/counts.ts';
import type { Mint } from '../tokens.ts';
import { HeldClock } from './held-clock.ts';

/** A backend, and the way to it. */
export interface TransportTarget {
  connect(options?: Options): Connection;
  /** Breaks all open sockets and requests. Later ones get through. */
  cut(): void;
  readonly mint: Mint;
  /** Sends to a user, as a server does. */
  publishTo(user: string, data: unknown): Promise<unknown>;
}

/** More than the functions take at once, so that some wait while others run. */
const MESSAGES = tries({ short: 12, long: 60 });

/** More than the functions take at once. */
const ROOMS = tries({ short: 6, long: 40 });

const CUTS = 3;

const TOKEN_SECONDS = 3_600;

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

/** A subscription, its messages, and a promise that resolves after a number of them. */
async function listen(connection: Connection, channel: string, options: SubscribeOptions = {}) {
  const heard: unknown[] = [];
  const waiting = new Set<() => void>();
  const subscription = connection.channel(channel).subscribe(({ data }: Message) => {
    heard.push(data);
    for (const check of waiting) check();
  }, options);
  await subscription.ready;
  const until = (count: number) =>
    new Promise<void>((resolve) => {
      const check = () => void (heard.length >= count && resolve());
      waiting.add(check);
      check();
    });
  return { heard, until, subscription };
}

export function transportContract(name: string, target: () => TransportTarget): void {
  describe(`a connection by ${name}`, () => {
    const connections: Connection[] = [];
    let count = 0;

    afterEach(() => {
      for (const connection of connections.splice(0)) connection.close();
    });

    const channel = (namespace: string) => `${namespace}:${name}-${Date.now()}-${count++}`;

    function connect(options: Options = {}): Connection {
      const connection = target().connect(options);
      connections.push(connection);
      return connection;
    }

    async function connectAs(user: string): Promise<Connection> {
      return connect({ token: await target().mint(user) });
    }

    it('carries the messages of each user to all subscribers of the channel, the sender too, in one order', async () => {
      const [ann, bob] = [connect(), connect()];
      const room = channel('open');
      const [one, other] = await Promise.all([listen(ann, room), listen(bob, room)]);

      await Promise.all(numbers(MESSAGES).map((n) => (n % 2 ? ann : bob).channel(room).publish(n)));
      await Promise.all([one.until(MESSAGES), other.until(MESSAGES)]);

      expect(one.heard).toEqual(other.heard);
      expect(one.heard.toSorted((a, b) => Number(a) - Number(b))).toEqual(numbers(MESSAGES));
    });

    it('keeps the order of one publisher, and replies with the number', async () => {
      const connection = connect();
      const room = channel('open');
      const { heard, until } = await listen(connection, room);
      const first = await connection.channel(room).publish(0);
      const published = await Promise.all(
        numbers(MESSAGES - 1).map((n) => connection.channel(room).publish(n + 1)),
      );
      await until(MESSAGES);

      expect(heard).toEqual(numbers(MESSAGES));
      expect(published.at(-1)).toEqual({ seq: Number(first.seq) + MESSAGES - 1 });
    });

    it('carries a message of 100 KB in its place, with text of any script', async () => {
      const [ann, bob] = [connect(), connect()];
      const room = channel('open');
      const { heard, until } = await listen(bob, room);
      const large = 'é"\u{1f389}'.repeat(14_000);

      const published = ['before', large, 'after'].map((data) => ann.channel(room).publish(data));
      const [first, ...others] = await Promise.all(published);
      await until(3);

      expect(others).toEqual([{ seq: Number(first?.seq) + 1 }, { seq: Number(first?.seq) + 2 }]);
      expect(heard).toEqual(['before', large, 'after']);
    });

    it('carries many channels at once', async () => {
      const connection = connect();
      const rooms = numbers(ROOMS).map(() => channel('open'));
      const listeners = await Promise.all(rooms.map((room) => listen(connection, room)));

      await Promise.all(rooms.map((room) => connection.channel(room).publish(room)));
      await Promise.all(listeners.map(({ until }) => until(1)));

      expect(listeners.map(({ heard }) => heard)).toEqual(rooms.map((room) => [room]));
    });

    it('loses and repeats nothing when it is cut, again and again', async () => {
      const [reader, writer] = [connect(), connect()];
      const room = channel('open');
      const lost: unknown[] = [];
      const { heard, until } = await listen(reader, room, { onLost: (gap) => lost.push(gap) });

      for (const n of numbers(MESSAGES)) {
        const published = writer.channel(room).publish(n);
        if (n % (MESSAGES / CUTS) === 3) target().cut();
        await published;
      }
      await until(MESSAGES);

      expect(heard).toEqual(numbers(MESSAGES));
      expect(lost).toEqual([]);
    });

    it('reads history, a page at a time', async () => {
      const connection = connect();
      const room = connection.channel(channel('open'));
      await Promise.all(numbers(10).map((n) => room.publish(n)));

      const latest = await historyOf(room, { limit: 4 });
      const before = await historyOf(room, { limit: 4, before: latest.next ?? 0 });

      expect(latest.messages.map(({ data }) => data)).toEqual([6, 7, 8, 9]);
      expect(before.messages.map(({ data }) => data)).toEqual([2, 3, 4, 5]);
    });

    it('resumes from a position of another connection', async () => {
      const room = channel('open');
      const { seq = 0 } = await connect().channel(room).publish('known');
      const writer = connect().channel(room);
      await Promise.all(numbers(MESSAGES).map((n) => writer.publish(n)));

      const { heard, until } = await listen(connect(), room, { after: seq });
      await until(MESSAGES);

      expect(heard).toEqual(numbers(MESSAGES));
    });

    it('makes its user a member of its channels, and of no others', async () => {
      const [ann, bob] = [await connectAs('transported'), await connectAs('fellow')];
      const room = channel('live');
      await listen(ann, room);
      const { subscription } = await listen(bob, room);
      const users = async () => (await membersOf(ann.channel(room))).map(({ user }) => user).toSorted();
      expect(await users()).toEqual(['fellow', 'transported']);

      subscription.unsubscribe();
      // It waited for the unsubscribe, so its reply comes later.
      await listen(bob, channel('live'));

      expect(await users()).toEqual(['transported']);
    });

    it('gets an event when a user joins', async () => {
      const [ann, bob] = [await connectAs('transported'), await connectAs('fellow')];
      const room = channel('chat');
      let hear = (_user: string | undefined) => {};
      const joined = new Promise((resolve) => {
        hear = (user) => user === 'fellow' && resolve(user);
      });
      await listen(ann, room, presenceHandlers({ onJoined: ({ user }) => hear(user) }));

      await listen(bob, room);

      expect(await joined).toBe('fellow');
    });

    it('has the values that others have set before, and every change after them, also after a cut', async () => {
      const room = channel('open');
      const written = valuesOf(connect().channel<number>(room));
      await Promise.all(numbers(MESSAGES).map((n) => written.set(`name-${n % 7}`, n)));
      await written.remove('name-0');
      const watch = valuesOf(connect().channel<number>(room)).watch();
      await watch.ready;
      const before = [...watch.values].map(([name, { data }]) => [name, data % 7]);

      target().cut();
      await written.remove('name-1');
      await written.set('last', 1);
      for await (const { name } of watch) if (name === 'last') break;

      expect(before.toSorted()).toEqual([1, 2, 3, 4, 5, 6].map((n) => [`name-${n}`, n]));
      expect([...watch.values.keys()].toSorted()).toEqual([
        'last',
        ...[2, 3, 4, 5, 6].map((n) => `name-${n}`),
      ]);
    });

    it('loses no update of two clients that change one value at once', async () => {
      const room = channel('open');
      const counts = [connect(), connect()].map((one) => valuesOf(one.channel<number>(room)));
      const add = (count = 0) => count + 1;
      await Promise.all([...counts, ...counts].map((values) => values.update('tea', add)));

      expect(await counts[0]?.update('tea', add)).toMatchObject({ data: 5 });
    });

    it('gets no message of a channel that it has left', async () => {
      const connection = connect();
      const [left, kept] = [channel('open'), channel('open')];
      const { heard, subscription } = await listen(connection, left);
      const marker = await listen(connection, kept);

      subscription.unsubscribe();
      await connection.channel(left).publish('unheard');
      await connection.channel(kept).publish('heard');
      await marker.until(1);

      expect(heard).toEqual([]);
    });

    it('carries channels without history', async () => {
      const [ann, bob] = [await connectAs('transported'), await connectAs('fellow')];
      const room = channel('live');
      const { heard, until } = await listen(bob, room);

      expect(await ann.channel(room).publish({ x: 1 })).toEqual({});
      await until(1);

      expect(heard).toEqual([{ x: 1 }]);
    });

    it('gets a refusal with a code for a forbidden command', async () => {
      const connection = await connectAs('transported');

      await expect(connection.channel('public:news').publish(1)).rejects.toMatchObject({ code: 'forbidden' });
      await expect(connection.channel('@user:bob').subscribe(() => {}).ready).rejects.toMatchObject({
        code: 'forbidden',
        status: 403,
      });
      connection.on('error', () => {});
    });

    it('delivers messages that were sent while the user was away, once and in order', async () => {
      const user = `ann-${name}-${Date.now()}`;
      for (const n of numbers(5)) await target().publishTo(user, n);

      const { heard, until } = await listen(await connectAs(user), `@user:${user}`, { after: 0 });
      await until(5);
      await target().publishTo(user, 5);
      await until(6);

      expect(heard).toEqual(numbers(6));
    });

    it('moves to a new token before the old one ends, and misses nothing', async () => {
      const issued: number[] = [];
      const token = () => {
        const issuedAt = Math.floor(Date.now() / 1_000);
        issued.push(issuedAt);
        return target().mint('transported', undefined, { issuedAt, expiresAt: issuedAt + TOKEN_SECONDS });
      };
      // On a running clock a busy machine decides whether a short token ends before the connection is open.
      const clock = new HeldClock();
      const connection = connect({ token, clock });
      const room = channel('chat');
      const { heard, until } = await listen(connection, room);
      const states: string[] = [];
      connection.on('state', (state) => states.push(state));
      const rotated = new Promise((resolve) => connection.on('rotated', resolve));
      const writer = await connectAs('fellow');

      let n = 0;
      let isOver = false;
      void rotated.then(() => {
        isOver = true;
      });
      await writer.channel(room).publish(n++);
      const [renewedAfter] = clock.runFar();
      while (!isOver) await writer.channel(room).publish(n++);
      await writer.channel(room).publish(n++);
      await until(n);

      expect(heard).toEqual(numbers(n));
      expect(renewedAfter).toBeLessThan(TOKEN_SECONDS * 1_000);
      expect(issued).toHaveLength(2);
      expect(states).toEqual([]);
    });
  });
}
