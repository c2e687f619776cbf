/** Sets of which only the newest counts: positions that change faster than a publish lands. */

import { type SetOptions, valuesOf } from 'fanfare-client/values';
import { describe, expect, it } from 'vitest';
import { connected } from './connected.ts';
import { settle } from './fake-clock.ts';

const X = 'open:x';

/** Sets of names, and what arrived at the server. With `hold`, publishes wait there until they are let go. */
async function setting() {
  const setup = await connected();
  const { server, connection } = setup;
  const frames: (() => void)[] = [];
  const values = valuesOf(connection.channel(X));
  const set = (data: unknown, options: SetOptions = { latest: true }, name = 'ann') =>
    values.set(name, data, options);
  const landed = () =>
    server.commandsOf('publish').flatMap(({ messages }) => messages.map(({ data }) => data));
  const letGo = async () => {
    await settle();
    for (const run of frames.splice(0)) run();
    await settle();
  };
  server.schedule = (run) => void frames.push(run);
  return { ...setup, values, set, landed, letGo };
}

describe('a set of the latest value', () => {
  it('sends the first at once and then only the newest, and the others have its result', async () => {
    const { set, landed, letGo } = await setting();
    const sets = [1, 2, 3, 4].map((data) => set(data));
    await letGo();
    expect(landed()).toEqual([1]);
    await letGo();

    expect(landed()).toEqual([1, 4]);
    expect(await Promise.all(sets)).toEqual([{ seq: 101 }, { seq: 102 }, { seq: 102 }, { seq: 102 }]);
  });

  it('begins anew when nothing is under way', async () => {
    const { set, landed, letGo } = await setting();
    for (const data of [1, 2]) {
      const done = set(data);
      await letGo();
      await done;
    }

    expect(landed()).toEqual([1, 2]);
  });

  it('does not wait for another name', async () => {
    const { set, landed, letGo } = await setting();
    void set(1);
    void set(2, { latest: true }, 'ben');
    await letGo();

    expect(landed()).toEqual([1, 2]);
  });

  it('goes on with the newest after one that was refused, whose failure is its own', async () => {
    const { server, set, landed, letGo } = await setting();
    server.script = ({ messages }) =>
      messages.some(({ data }) => data === 1)
        ? { event: 'error', code: 'rejected', status: 422, message: 'No.', index: 0 }
        : undefined;
    const [first, ...later] = [1, 2, 3].map((data) => set(data));
    const refused = expect(first).rejects.toMatchObject({ code: 'rejected' });
    await letGo();
    await letGo();
    await refused;

    expect(await Promise.all(later)).toEqual([{ seq: 101 }, { seq: 101 }]);
    expect(landed()).toEqual([1, 3]);
  });

  it('is left out when the name is removed or set for certain meanwhile', async () => {
    for (const ending of ['remove', 'set'] as const) {
      const { server, values, set, letGo } = await setting();
      void set(1);
      const waiting = set(2);
      const ended = ending === 'remove' ? values.remove('ann') : set(3, {});
      await letGo();
      await letGo();

      expect(await Promise.all([waiting, ended])).toEqual([{ seq: 102 }, { seq: 102 }]);
      expect(server.channel(X).valueOf('ann')?.data).toBe(ending === 'remove' ? undefined : 3);
      expect(server.channel(X).head).toBe(102);
    }
  });

  it('sends the newest of an interruption when the connection is back', async () => {
    const { server, clock, set, landed } = await setting();
    server.schedule = queueMicrotask;
    server.handshakes = 'refused';
    server.socket.cut();
    const sets = [1, 2, 3].map((data) => set(data));
    await clock.pass(20_000);
    server.handshakes = 'accepted';
    await clock.pass(120_000);
    await Promise.all(sets);

    expect(landed()).toEqual([1, 3]);
  });

  it('rejects with closed when the connection is closed before it is sent', async () => {
    const { connection, set } = await setting();
    const sets = [set(1), set(2)].map((done) => expect(done).rejects.toMatchObject({ code: 'closed' }));
    await settle();
    connection.close();

    await Promise.all(sets);
  });
});

describe('a set at most so often', () => {
  it('sends the first at once, and the newest when the time has passed', async () => {
    const { server, clock, set, landed } = await setting();
    server.schedule = queueMicrotask;
    for (let data = 0; data < 25; data += 1) {
      void set(data, { every: 100 });
      await clock.pass(10);
    }
    await clock.pass(100);

    expect(landed()).toEqual([0, 9, 19, 24]);
  });

  it('leaves no timer behind', async () => {
    const { server, clock, set } = await setting();
    server.schedule = queueMicrotask;
    const before = clock.planned;
    await set(1, { every: 100 });
    await clock.pass(1_000);

    expect(clock.planned).toBe(before);
  });
});

describe('a channel without a subscription', () => {
  it('costs nothing: no command, no timer, and nothing of it stays after a write', async () => {
    const { server, clock, connection } = await connected();
    const planned = clock.planned;
    const channels = Array.from({ length: 50 }, (_, n) => connection.channel(`open:${n}`));
    const values = channels.map((channel) => valuesOf(channel));
    await clock.pass(60_000);
    expect([server.commands, clock.planned]).toEqual([[], planned]);

    await Promise.all(values.map((one) => one.set('ann', 1)));
    const sent = server.commands.length;
    await clock.pass(60_000);
    server.socket.cut();
    await clock.pass(60_000);

    expect([server.commands.length, server.commandsOf('subscribe')]).toEqual([sent, []]);
    const { owner } = connection.channel('open:0');
    expect([...owner.feeds.keys()]).toEqual([]);
  });

  it('costs nothing again after the watch has stopped', async () => {
    const { server, clock, connection } = await connected();
    const values = valuesOf(connection.channel(X));
    const planned = clock.planned;
    const watch = values.watch();
    await watch.ready;
    watch.stop();
    await settle();
    const sent = server.commands.length;
    server.socket.cut();
    await clock.pass(120_000);

    expect(server.commands.slice(sent)).toEqual([]);
    expect(clock.planned).toBe(planned);
    expect([...connection.channel(X).owner.feeds.keys()]).toEqual([]);
  });
});
