/** One publish. */

import { historyOf } from 'fanfare-client/history';
import { mark } from 'fanfare-client/inbox';
import { FRAME_BYTES } from 'fanfare-protocol/limits';
import { describe, expect, it } from 'vitest';
import { connected, setUp } from './connected.ts';
import { refusal } from './fake-server.ts';

describe('a publish', () => {
  it('settles with its number', async () => {
    const { server, connection } = await connected();

    expect(await connection.channel('open:x').publish({ a: 1 })).toEqual({ seq: 101 });
    expect(server.commands).toMatchObject([
      { action: 'publish', channel: 'open:x', messages: [{ data: { a: 1 }, key: expect.any(String) }] },
    ]);
  });

  it('settles without a number in a channel without history', async () => {
    const { server, connection } = await connected();
    server.script = () => ({ event: 'published' });

    expect(await connection.channel('live:x').publish(1)).toEqual({});
  });

  it('takes any JSON, null included, and the key it is given', async () => {
    const { server, connection } = await connected();

    await connection.channel('open:x').publish(null, { key: 'mine' });

    expect(server.commands[0]?.messages).toEqual([{ data: null, key: 'mine' }]);
  });

  it('refuses data that is not JSON', async () => {
    const { server, connection } = await connected();
    const channel = connection.channel('open:x');

    const circle: { self?: object } = {};
    circle.self = circle;
    const refused = [undefined, () => {}, 1n, { deep: [1n] }, circle];

    for (const data of [...refused, Number.NaN, { deep: [Number.POSITIVE_INFINITY] }, -1 / 0]) {
      await expect(channel.publish(data)).rejects.toMatchObject({
        name: 'FanfareError',
        code: 'bad-request',
      });
    }
    expect(server.commands).toEqual([]);
  });

  it.each([
    ['a Uint8Array', new Uint8Array(2)],
    ['a Buffer', Buffer.from('ab')],
    ['an ArrayBuffer', new ArrayBuffer(2)],
    ['a DataView', new DataView(new ArrayBuffer(2))],
    ['a Blob', new Blob(['ab'])],
    ['a Map', new Map([['a', 1]])],
    ['a Set', new Set([1])],
    ['a promise', Promise.resolve(1)],
  ])('refuses %s at once, also deep inside, with a code', async (_what, data) => {
    const { server, connection } = await connected();
    const channel = connection.channel('open:x');

    for (const refused of [data, { deep: [data] }])
      await expect(channel.publish(refused)).rejects.toMatchObject({
        name: 'FanfareError',
        code: 'bad-request',
      });
    expect(server.commands).toEqual([]);
  });

  it('takes objects of classes, and those that say by toJSON what they are', async () => {
    class Point {
      readonly x = 1;
    }
    const { server, connection } = await connected();
    const data = [
      new Point(),
      Object.create(null),
      new URL('https://x.example/'),
      new Date(0),
      new String('s'),
    ];
    await connection.channel('open:x').publish(data);

    const [x, nothing, url, at, text] = [{ x: 1 }, {}, 'https://x.example/', '1970-01-01T00:00:00.000Z', 's'];
    expect(server.commands[0]?.messages[0]?.data).toEqual([x, nothing, url, at, text]);
  });

  it('refuses a key, a position and a limit that are not JSON', async () => {
    const { server, connection } = await connected();
    const channel = connection.channel('open:x');
    const big = JSON.parse('1', () => 1n);
    const refused = { name: 'FanfareError', code: 'bad-request' };

    await expect(channel.publish(1, { key: big })).rejects.toMatchObject(refused);
    await expect(mark(channel, big)).rejects.toMatchObject(refused);
    await expect(historyOf(channel, { after: big })).rejects.toMatchObject(refused);
    await expect(historyOf(channel, { limit: Number.NaN })).rejects.toMatchObject(refused);
    expect(server.commands).toEqual([]);
  });

  it('omits nested values as JSON omits them', async () => {
    const { server, connection } = await connected();

    await connection
      .channel('open:x')
      .publish({ gone: undefined, list: [undefined, () => {}], at: new Date(0) });

    expect(server.commands[0]?.messages[0]?.data).toEqual({
      list: [null, null],
      at: '1970-01-01T00:00:00.000Z',
    });
  });

  it('sends the data as it was when it was published', async () => {
    const { server, connection } = await connected();
    const data = { text: 'said' };

    const published = connection.channel('open:x').publish(data);
    data.text = 'changed';
    await published;

    expect(server.commands[0]?.messages).toMatchObject([{ data: { text: 'said' } }]);
  });

  it('waits for a connection', async () => {
    const { server, connection } = setUp();

    await connection.channel('open:x').publish(1);

    expect(server.commands).toHaveLength(1);
  });

  it('rejects with the error of the server', async () => {
    const { server, connection } = await connected();
    server.script = () => refusal('forbidden', 403);

    await expect(connection.channel('open:x').publish(1)).rejects.toMatchObject({
      name: 'FanfareError',
      code: 'forbidden',
      status: 403,
    });
  });

  it('of the largest frame is sent, and one byte more is refused before it is sent', async () => {
    const { server, connection } = await connected();
    const channel = connection.channel('open:x');
    await channel.publish('', { key: 'k' });
    // The number of the command may take 15 digits more.
    const room = FRAME_BYTES - Buffer.byteLength(server.socket.texts[0] ?? '') - 15;

    await expect(channel.publish('x'.repeat(room + 1), { key: 'k2' })).rejects.toMatchObject({
      code: 'too-large',
      status: 413,
    });
    expect(server.commands).toHaveLength(1);
    await channel.publish('x'.repeat(room - 1), { key: 'l' });
    expect(server.commands).toHaveLength(2);
  });

  it('is measured in bytes, not in characters', async () => {
    const { connection } = await connected();

    await expect(connection.channel('open:x').publish('€'.repeat(11_000))).rejects.toMatchObject({
      code: 'too-large',
    });
  });
});
