/** Publishes in batches, and publishes without a reply. */

import { describe, expect, it } from 'vitest';
import { connected, setUp } from './connected.ts';
import { settle } from './fake-clock.ts';
import { type FakeCommand, refusal, SILENCE } from './fake-server.ts';
import { follow } from './follow.ts';

const dataOf = ({ messages }: FakeCommand) => messages.map(({ data }) => data);
const keysOf = ({ messages }: FakeCommand) => messages.map(({ key }) => key);

describe('publishes of one channel', () => {
  it('of one moment share a command, and each learns its number', async () => {
    const { server, connection } = await connected();
    const channel = connection.channel('open:x');
    await channel.publish(2, { key: 'sent before' });

    const published = await Promise.all([
      channel.publish(1),
      channel.publish(2, { key: 'sent before' }),
      channel.publish(3),
    ]);

    expect(server.commands.map(dataOf)).toEqual([[2], [1, 2, 3]]);
    expect(published).toEqual([{ seq: 102 }, { seq: 101 }, { seq: 103 }]);
  });

  it('of one moment learn the last number only, if the server is older', async () => {
    const { server, connection } = await connected();
    server.namesAll = false;
    const channel = connection.channel('open:x');

    const published = await Promise.all([1, 2, 3].map((data) => channel.publish(data)));

    expect(server.commands.map(dataOf)).toEqual([[1, 2, 3]]);
    expect(published).toEqual([{}, {}, { seq: 103 }]);
  });

  it('keep their order: the next batch waits for the reply', async () => {
    const { server, connection } = await connected();
    const channel = connection.channel('open:x');
    server.script = () => SILENCE;
    const first = channel.publish(1);
    await settle();
    const others = [channel.publish(2), channel.publish(3)];
    await settle();
    expect(server.commands.map(dataOf)).toEqual([[1]]);

    server.script = () => undefined;
    server.socket.push({ id: server.commands[0]?.id, event: 'published', seq: 101 });
    await Promise.all([first, ...others]);

    expect(server.commands.map(dataOf)).toEqual([[1], [2, 3]]);
  });

  it('go fifty at a time', async () => {
    const { server, connection } = await connected();
    const channel = connection.channel('open:x');

    await Promise.all(Array.from({ length: 120 }, (_, n) => channel.publish(n)));

    expect(server.commands.map(({ messages }) => messages.length)).toEqual([50, 50, 20]);
    expect(server.commands.flatMap(dataOf)).toEqual(Array.from({ length: 120 }, (_, n) => n));
  });

  it('go as many as fit into a frame', async () => {
    const { server, connection } = await connected();
    const channel = connection.channel('open:x');

    await Promise.all(Array.from({ length: 40 }, (_, n) => channel.publish(`${n}-${'x'.repeat(2_000)}`)));

    expect(server.commands.length).toBeGreaterThan(2);
    const largest = Math.max(...server.socket.texts.map((text) => Buffer.byteLength(text)));
    expect(largest).toBeGreaterThan(30_000);
    expect(largest).toBeLessThanOrEqual(32_768);
  });

  it('do not wait for another channel', async () => {
    const { server, connection } = await connected();
    server.script = ({ channel }) => (channel === 'open:slow' ? SILENCE : undefined);
    connection
      .channel('open:slow')
      .publish(1)
      .catch(() => {});

    await connection.channel('open:fast').publish(2);
  });

  it('are sent again, unchanged and under the same keys, when the connection is lost before the reply', async () => {
    const { server, connection, clock } = await connected();
    server.script = () => SILENCE;
    const channel = connection.channel('open:x');
    const published = Promise.all([channel.publish(1), channel.publish(2)]);
    await settle();
    const later = channel.publish(3);
    server.socket.cut();
    server.script = () => undefined;
    await clock.pass(500);
    await clock.pass(500);

    expect(await published).toEqual([{ seq: 101 }, { seq: 102 }]);
    expect(await later).toEqual({ seq: 103 });
    expect(server.commands.map(dataOf)).toEqual([[1, 2], [1, 2], [3]]);
    const [first, again] = server.commands.map(keysOf);
    expect(again).toEqual(first);
    expect(new Set(server.commands.flatMap(keysOf)).size).toBe(3);
  });

  it('land once when only the reply was lost', async () => {
    const { server, connection, clock } = await connected();
    const got: unknown[] = [];
    await connection.channel('open:x').subscribe(({ data }) => got.push(data)).ready;
    server.script = ({ action }) => {
      if (action !== 'publish') return undefined;
      queueMicrotask(() => server.socket.cut());
      server.script = () => undefined;
      return undefined;
    };
    const published = connection.channel('open:x').publish('once');
    await clock.pass(1_000);
    await clock.pass(1_000);

    expect(await published).toEqual({ seq: 101 });
    expect(got).toEqual(['once']);
  });

  it.each([
    ['busy', 503, undefined, 500],
    ['internal', 500, undefined, 500],
    ['rate-limited', 429, undefined, 500],
    ['rate-limited', 429, 7_000, 7_000],
  ])('are sent again when the server is %s (%i, after %s ms)', async (code, status, retryAfter, waitMs) => {
    const { server, connection, clock } = await connected();
    server.script = () => (server.commands.length === 1 ? refusal(code, status, retryAfter) : undefined);
    const published = connection.channel('open:x').publish(1);

    await clock.pass(waitMs - 1);
    expect(server.commands).toHaveLength(1);
    await clock.pass(1);

    expect(await published).toEqual({ seq: 101 });
    expect(server.commands.map(keysOf)[1]).toEqual(server.commands.map(keysOf)[0]);
  });

  it('are sent again when no reply comes in time, on a connection that is alive', async () => {
    const { server, connection, clock } = await connected();
    await follow(connection, 'open:x').subscription.ready;
    server.script = ({ action }) =>
      action === 'publish' && server.commandsOf('publish').length === 1 ? SILENCE : undefined;
    const published = connection.channel('open:x').publish(1);

    await clock.pass(10_000 + 500);

    expect(await published).toEqual({ seq: 101 });
    expect(server.commandsOf('ping')).toHaveLength(1);
    expect(server.sockets).toHaveLength(1);
  });

  it('are sent again only when no reply can come any more, if the channel may have no history', async () => {
    const { server, connection, clock } = await connected();
    server.script = ({ action }) =>
      action === 'publish' && server.commandsOf('publish').length === 1 ? SILENCE : undefined;
    const published = connection.channel('live:x').publish(1);

    await clock.pass(29_999);
    expect(server.commandsOf('publish')).toHaveLength(1);
    await clock.pass(501);

    expect(await published).toEqual({});
    expect(server.sockets).toHaveLength(1);
  });

  it('are sent apart when the server refuses a batch because of one of them', async () => {
    const { server, connection } = await connected();
    server.script = ({ messages }) =>
      messages.some(({ data }) => data === 'bad') ? refusal('bad-request', 400) : undefined;
    const channel = connection.channel('open:x');

    const results = await Promise.allSettled(
      ['a', 'bad', 'b'].map((data) => channel.publish(data)).concat(channel.publish('c')),
    );

    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(server.commands.map(dataOf)).toEqual([['a', 'bad', 'b', 'c'], ['a'], ['bad'], ['b'], ['c']]);
  });

  it('are sent again without the one that a rule refuses, which alone is rejected', async () => {
    const { server, connection } = await connected();
    server.script = ({ messages }) => {
      const index = messages.findIndex(({ data }) => data === 'long');
      return index < 0 ? undefined : { ...refusal('rejected', 422), index };
    };
    const channel = connection.channel('open:x');

    const results = await Promise.allSettled(['a', 'long', 'b', 'long'].map((data) => channel.publish(data)));

    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
    expect(results[1]).toMatchObject({ reason: { code: 'rejected', status: 422 } });
    expect(server.commands.map(dataOf)).toEqual([
      ['a', 'long', 'b', 'long'],
      ['a', 'b', 'long'],
      ['a', 'b'],
    ]);
  });

  it('are tried three times when a rule fails at one of them, which alone is rejected', async () => {
    const { server, connection, clock } = await connected();
    server.script = ({ messages }) => {
      const index = messages.findIndex(({ data }) => data === 'bug');
      return index < 0 ? undefined : { ...refusal('internal', 500), index };
    };
    const channel = connection.channel('open:x');

    const published = Promise.allSettled(['a', 'bug', 'b'].map((data) => channel.publish(data)));
    await clock.pass(10_000);

    expect((await published).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(server.commands.map(dataOf)).toEqual([...Array(3).fill(['a', 'bug', 'b']), ['a', 'b']]);
  });

  it('are given up when their key is about to be forgotten, because a repetition might land twice', async () => {
    const { server, connection, clock } = await connected();
    server.script = () => SILENCE;
    const published = connection.channel('open:x').publish(1);
    const failure = expect(published).rejects.toMatchObject({ code: 'timeout' });
    await settle();
    server.socket.cut();
    server.handshakes = 'refused';
    await clock.pass(10 * 60_000);
    server.handshakes = 'accepted';
    await clock.pass(90_000);

    await failure;
    expect(server.commandsOf('publish')).toHaveLength(1);
  });

  it('that were never sent wait without a limit', async () => {
    const { server, connection, clock } = setUp();
    server.handshakes = 'refused';
    const published = connection.channel('open:x').publish(1);
    await clock.pass(3_600_000);

    server.handshakes = 'accepted';
    await clock.pass(60_000);

    expect(await published).toEqual({ seq: 101 });
  });

  it('are kept up to a bound, over all channels', async () => {
    const { server, connection } = await connected({ maxPending: 2 });
    server.script = () => SILENCE;
    const kept = [connection.channel('open:x').publish(1), connection.channel('open:y').publish(2)];
    await settle();

    await expect(connection.channel('open:z').publish(3)).rejects.toMatchObject({ code: 'overflow' });
    for (const { id } of server.commands) server.socket.push({ id, event: 'published', seq: 7 });
    await Promise.all(kept);

    server.script = () => undefined;
    await connection.channel('open:z').publish(3);
  });
});
