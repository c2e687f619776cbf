/** The values of a channel, as a page follows and writes them. */

import { FanfareError } from 'fanfare-client';
import { type ValueChange, valuesOf, type WatchValuesOptions } from 'fanfare-client/values';
import { describe, expect, it, vi } from 'vitest';
import { connected } from './connected.ts';
import { settle } from './fake-clock.ts';
import { FakeServer, refusal, SILENCE } from './fake-server.ts';

const X = 'open:x';

/** A watch, and what it has told: `name=data` for a value, `-name` for a removal. */
async function watching(options: WatchValuesOptions = {}, server = new FakeServer()) {
  const setup = await connected({}, server);
  const values = valuesOf(setup.connection.channel(X));
  const told: string[] = [];
  const watch = values.watch((change) => told.push(textOf(change)), options);
  const state = () => Object.fromEntries([...watch.values].map(([name, { data }]) => [name, data]));
  await settle();
  return { ...setup, values, watch, changes: told, state };
}

const textOf = ({ name, data, removed }: ValueChange) => (removed ? `-${name}` : `${name}=${data}`);

function having(values: Readonly<Record<string, unknown>>): FakeServer {
  const server = new FakeServer();
  for (const [name, data] of Object.entries(values)) server.channel(X).append(data, undefined, { name });
  return server;
}

/** Holds back the replies to `values` until they are let go. */
function heldPages(server: FakeServer) {
  const pages: (() => void)[] = [];
  server.script = (command, socket) => {
    if (command.action !== 'values') return undefined;
    const values = server.channel(X).valuesBehind(command.cursor, server.valuesInPage);
    const last = values.at(-1)?.name ?? '';
    const next = server.channel(X).valuesBehind(last, 1).length > 0 ? { next: last } : {};
    const reply = { event: 'values', id: command.id, seq: server.channel(X).head, values, ...next };
    pages.push(() => socket.push(reply));
    return SILENCE;
  };
  return async () => {
    pages.shift()?.();
    await settle();
  };
}

describe('a watch of values', () => {
  it('has the values that are there, and then every change', async () => {
    const { server, watch, changes, state } = await watching({}, having({ ann: 1, ben: 2 }));
    await watch.ready;
    server.say(X, 3, { name: 'ann' });
    server.say(X, null, { name: 'ben', removed: true });
    server.say(X, 4, { name: 'cy' });

    expect(state()).toEqual({ ann: 3, cy: 4 });
    expect(changes).toEqual(['ann=1', 'ben=2', 'ann=3', '-ben', 'cy=4']);
  });

  it('has each value with its number, its sender and its time', async () => {
    const { server, watch } = await watching();
    server.push(X, [{ seq: 101, name: 'ann', data: 1, time: 7, from: 'ben' }]);

    expect(watch.values.get('ann')).toEqual({ name: 'ann', data: 1, seq: 101, time: 7, from: 'ben' });
  });

  it('passes over messages without a name', async () => {
    const { server, changes } = await watching();
    server.say(X, 'hello');
    server.say(X, 1, { name: 'ann' });

    expect(changes).toEqual(['ann=1']);
  });

  it('reads as many pages as there are', async () => {
    const server = having({ a: 1, b: 2, c: 3, d: 4, e: 5 });
    server.valuesInPage = 2;
    const { watch, state } = await watching({}, server);
    await watch.ready;

    expect(state()).toEqual({ a: 1, b: 2, c: 3, d: 4, e: 5 });
    expect(server.commandsOf('values').map(({ cursor }) => cursor)).toEqual(['', 'b', 'd']);
  });

  it('does not bring back a value that was removed or replaced while its page was under way', async () => {
    const server = having({ ann: 1, ben: 2 });
    const next = heldPages(server);
    const { watch, changes, state } = await watching({}, server);
    server.say(X, null, { name: 'ann', removed: true });
    server.say(X, 3, { name: 'ben' });
    await next();
    await watch.ready;

    expect(state()).toEqual({ ben: 3 });
    expect(changes).toEqual(['ben=3']);
  });

  it('is ready only when the last page is there', async () => {
    const server = having({ a: 1, b: 2 });
    server.valuesInPage = 1;
    const next = heldPages(server);
    const { watch } = await watching({}, server);
    const ready = vi.fn();
    void watch.ready.then(ready);
    await next();
    expect(ready).not.toHaveBeenCalled();
    await next();

    expect(ready).toHaveBeenCalledOnce();
  });

  it('gets what it missed in a short interruption as messages, and reads no snapshot', async () => {
    const { server, clock, state } = await watching({}, having({ ann: 1, ben: 2 }));
    server.socket.cut();
    server.channel(X).append(3, undefined, { name: 'ann' });
    server.channel(X).append(null, undefined, { name: 'ben', removed: true });
    await clock.pass(30_000);

    expect(state()).toEqual({ ann: 3 });
    expect(server.commandsOf('values')).toHaveLength(1);
  });

  it('reads the snapshot after a long interruption, and asks for none of the messages', async () => {
    const { server, clock, changes, state } = await watching({}, having({ ann: 1, ben: 2 }));
    server.handshakes = 'refused';
    server.socket.cut();
    server.say(X, 3, { name: 'ann' });
    server.say(X, null, { name: 'ben', removed: true });
    server.say(X, 4, { name: 'cy' });
    await clock.pass(90_000);
    server.handshakes = 'accepted';
    await clock.pass(120_000);

    expect(state()).toEqual({ ann: 3, cy: 4 });
    expect(changes.slice(2)).toEqual(['ann=3', 'cy=4', '-ben']);
    expect(server.commandsOf('subscribe').map(({ after }) => after)).toEqual([undefined, undefined]);
    expect(server.commandsOf('history')).toEqual([]);
  });

  it('reads the snapshot again when messages were deleted before it got them', async () => {
    const { server, clock, changes, state } = await watching({}, having({ ann: 1, ben: 2 }));
    server.socket.cut();
    server.say(X, 3, { name: 'ann' });
    server.say(X, null, { name: 'ben', removed: true });
    server.channel(X).expireTo(server.channel(X).head);
    await clock.pass(30_000);

    expect(state()).toEqual({ ann: 3 });
    expect(changes.slice(2)).toEqual(['ann=3', '-ben']);
  });

  it('repeats a page that fails for now, and goes on with its cursor', async () => {
    const server = having({ a: 1, b: 2, c: 3 });
    server.valuesInPage = 2;
    let failures = 2;
    server.script = ({ action, cursor }) =>
      action === 'values' && cursor && failures-- > 0 ? refusal('rate-limited', 429, 1_000) : undefined;
    const { clock, watch, state } = await watching({}, server);
    await clock.pass(10_000);
    await watch.ready;

    expect(state()).toEqual({ a: 1, b: 2, c: 3 });
    expect(server.commandsOf('values').map(({ cursor }) => cursor)).toEqual(['', 'b', 'b', 'b']);
  });

  it('goes on reading on the next socket if the connection is lost between two pages', async () => {
    const server = having({ a: 1, b: 2, c: 3 });
    server.valuesInPage = 1;
    const next = heldPages(server);
    const { clock, watch, state } = await watching({}, server);
    await next();
    server.socket.cut();
    server.channel(X).append(null, undefined, { name: 'a', removed: true });
    server.script = () => undefined;
    await clock.pass(5_000);
    await watch.ready;

    expect(state()).toEqual({ b: 2, c: 3 });
  });

  it('ends with the sentence of the server if the namespace has no values', async () => {
    const server = new FakeServer();
    server.script = ({ action }) => (action === 'values' ? refusal('bad-request', 400) : undefined);
    const onEnd = vi.fn();
    const { watch, told } = await watching({ onEnd }, server);

    await expect(watch.ready).rejects.toMatchObject({ code: 'bad-request', message: 'It is bad-request.' });
    expect(onEnd).toHaveBeenCalledExactlyOnceWith(expect.any(FanfareError));
    expect(told.filter(([name]) => name === 'error')).toHaveLength(1);
    expect(server.commandsOf('unsubscribe')).toHaveLength(1);
  });

  it('ends without an error when it is stopped, when its signal aborts, and when the connection is closed', async () => {
    const stops = [
      ({ watch }: Awaited<ReturnType<typeof watching>>) => watch.stop(),
      (_: unknown, running: AbortController) => running.abort(),
      ({ connection }: Awaited<ReturnType<typeof watching>>) => connection.close(),
    ];
    for (const stop of stops) {
      const running = new AbortController();
      const onEnd = vi.fn();
      const setup = await watching({ onEnd, signal: running.signal });
      stop(setup, running);
      await settle();
      setup.server.say(X, 1, { name: 'ann' });

      expect(onEnd).toHaveBeenCalledExactlyOnceWith(undefined);
      expect(setup.changes).toEqual([]);
    }
  });

  it('does not begin if its signal has aborted before, or the connection is closed', async () => {
    const early = await watching({ signal: AbortSignal.abort() });
    await expect(early.watch.ready).rejects.toMatchObject({ code: 'closed' });
    expect(early.server.commandsOf('values')).toEqual([]);

    const { connection, values } = await watching();
    connection.close();
    await expect(values.watch().ready).rejects.toMatchObject({ code: 'closed' });
  });

  it('goes on when onChange throws, and tells it as the event error', async () => {
    const { connection, server, told } = await connected({}, having({ ann: 1 }));
    const watch = valuesOf(connection.channel(X)).watch(() => {
      throw new Error('Broken.');
    });
    await watch.ready;
    server.say(X, 2, { name: 'ann' });
    await settle();

    expect(watch.values.get('ann')?.data).toBe(2);
    expect(told.filter(([name]) => name === 'error')).toHaveLength(2);
  });
});

describe('a loop over values', () => {
  it('gets the values that are there, and the newest change of each name', async () => {
    const { server, watch } = await watching({}, having({ ann: 1, ben: 2 }));
    await watch.ready;
    const got: string[] = [];
    const loop = (async () => {
      for await (const change of watch) got.push(textOf(change));
    })();
    await settle();
    server.say(X, 3, { name: 'ann' });
    server.say(X, 4, { name: 'ann' });
    server.say(X, null, { name: 'ben', removed: true });
    await settle();
    watch.stop();
    await loop;

    expect(got).toEqual(['ann=1', 'ben=2', 'ann=4', '-ben']);
  });

  it('throws the refusal that has ended the watch', async () => {
    const server = new FakeServer();
    server.script = ({ action }) => (action === 'values' ? refusal('forbidden', 403) : undefined);
    const { watch } = await watching({}, server);

    await expect(watch[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('a write of a name', () => {
  it('sets and removes without a subscription', async () => {
    const { connection, server } = await connected();
    const values = valuesOf(connection.channel(X));

    expect(await values.set('ann', 1)).toEqual({ seq: 101 });
    expect(await values.remove('ann')).toEqual({ seq: 102 });
    expect(server.commands.flatMap(({ messages }) => messages)).toMatchObject([
      { name: 'ann', data: 1 },
      { name: 'ann', remove: true },
    ]);
    expect(server.commandsOf('subscribe')).toEqual([]);
  });

  it('lands once if its reply is lost, also with ifSeq', async () => {
    const { connection, server, clock } = await connected();
    server.lostReplies = 1;
    const claimed = valuesOf(connection.channel(X)).set('seat', 'ann', { ifSeq: 0 });
    await clock.pass(60_000);

    expect(await claimed).toEqual({ seq: 101 });
    expect(server.channel(X).head).toBe(101);
  });

  it('throws a conflict with the value that is there, and the other sets of its batch land', async () => {
    const { connection } = await connected({}, having({ seat: 'ben' }));
    const values = valuesOf(connection.channel(X));
    const both = await Promise.allSettled([
      values.set('seat', 'ann', { ifSeq: 0 }),
      values.set('door', 'open'),
    ]);

    expect(both).toMatchObject([
      { status: 'rejected', reason: { code: 'conflict', status: 409, current: { data: 'ben', seq: 101 } } },
      { status: 'fulfilled', value: { seq: 102 } },
    ]);
  });

  it('throws a conflict with null if the name has no value', async () => {
    const { connection } = await connected();
    const set = valuesOf(connection.channel(X)).set('seat', 'ann', { ifSeq: 7 });

    await expect(set).rejects.toMatchObject({ code: 'conflict', current: null });
  });

  it('is refused at once if its value is not JSON', async () => {
    const { connection, server } = await connected();
    const values = valuesOf(connection.channel(X));

    for (const data of [undefined, Number.NaN, 1n, new Uint8Array(1)])
      await expect(values.set('ann', data)).rejects.toMatchObject({ code: 'bad-request' });
    expect(server.commands).toEqual([]);
  });
});

describe('an update', () => {
  const addOne = (count: unknown = 0) => Number(count) + 1;

  it('begins with the value of a watch, and needs one command', async () => {
    const { server, values } = await watching({}, having({ tea: 5 }));

    expect(await values.update('tea', addOne)).toEqual({ seq: 102, data: 6 });
    expect(server.commandsOf('publish')).toHaveLength(1);
  });

  it('learns the value from a conflict without a watch', async () => {
    const { connection } = await connected({}, having({ tea: 5 }));
    const values = valuesOf(connection.channel(X));

    expect(await values.update('tea', addOne)).toEqual({ seq: 102, data: 6 });
  });

  it('loses no change of four clients that update the name at once', async () => {
    const server = new FakeServer();
    const setups = await Promise.all([1, 2, 3, 4].map(() => connected({}, server)));
    const updates = setups.map(({ connection }) => valuesOf(connection.channel(X)).update('tea', addOne));
    await Promise.all(setups.map(({ clock }) => clock.pass(600_000)));
    await Promise.all(updates);

    expect(server.channel(X).valueOf('tea')?.data).toBe(4);
  });

  it('loses no change of one client that updates a name several times at once', async () => {
    const { connection, server, clock } = await connected();
    const values = valuesOf(connection.channel(X));
    const updates = [1, 2, 3].map(() => values.update('tea', addOne));
    await clock.pass(60_000);

    expect(await Promise.all(updates)).toMatchObject([{ data: 1 }, { data: 2 }, { data: 3 }]);
    expect(server.channel(X).valueOf('tea')?.data).toBe(3);
  });

  it('writes nothing if the change returns undefined', async () => {
    const { connection, server } = await connected({}, having({ tea: 5 }));
    const change = vi.fn(() => undefined);

    expect(await valuesOf(connection.channel(X)).update('tea', change)).toBeUndefined();
    expect(server.commandsOf('publish')).toEqual([]);
  });

  it('gives up with the conflict after 20 conflicts', async () => {
    const { connection, server, clock } = await connected();
    server.script = ({ action }) =>
      action === 'publish' ? { ...refusal('conflict', 409), index: 0, current: null } : undefined;
    const change = vi.fn(addOne);
    const updated = valuesOf(connection.channel(X)).update('tea', change);
    const failed = expect(updated).rejects.toMatchObject({ code: 'conflict' });
    await clock.pass(3_600_000);

    await failed;
    expect(change).toHaveBeenCalledTimes(20);
  });

  it('throws what the change throws, and what the server refuses', async () => {
    const { connection, server } = await connected();
    const values = valuesOf(connection.channel(X));
    const broken = values.update('tea', () => {
      throw new Error('Broken.');
    });
    await expect(broken).rejects.toThrow('Broken.');

    server.script = ({ action }) => (action === 'publish' ? refusal('forbidden', 403) : undefined);
    await expect(values.update('tea', addOne)).rejects.toMatchObject({ code: 'forbidden' });
  });
});
