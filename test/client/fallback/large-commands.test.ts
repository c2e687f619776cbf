/** Commands above the 32 KB of a frame: they go by HTTP, and everything else stays on the WebSocket. */

import { request } from 'fanfare-client/actions';
import { FRAME_BYTES, MESSAGE_BYTES } from 'fanfare-protocol/limits';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../../packages/client/src/lib/wire/frame-size.ts';
import { settle } from '../fake-clock.ts';
import { connected } from './connected.ts';
import { type Asked, NEVER, refused } from './fake-fallback.ts';

const LARGE = 'x'.repeat(40_000);

const isPost = ({ method }: Asked) => method === 'POST';

/** The requests, without the session. */
const steps = (requests: readonly Asked[]) => requests.map(({ method, target }) => `${method} ${target}`);

describe('a publish that is larger than a frame', () => {
  it('goes by HTTP, in a session of its own that ends with it', async () => {
    const { fallback, clock, connection } = await connected({ token: 'header.payload.signature' });
    const published = connection.channel('open:x').publish(LARGE);
    await clock.pass(0);

    expect(await published).toEqual({ seq: 101 });
    expect(steps(fallback.requests)).toEqual(['GET /poll?open=1', 'POST /', 'DELETE /']);
    expect(new Set(fallback.requests.map(({ authorization }) => authorization))).toEqual(
      new Set(['Bearer header.payload.signature']),
    );
    expect(fallback.open).toBe(0);
    expect(connection.state).toBe('connected');
  });

  it('keeps its place among the publishes of its channel, which stay on the socket', async () => {
    const { fallback, clock, connection } = await connected();
    const [socket] = fallback.server.sockets;
    const channel = connection.channel('open:x');
    const all = Promise.all(['before', LARGE, 'after', 'more'].map((data) => channel.publish(data)));
    await clock.pass(0);

    expect(await all).toEqual([101, 102, 103, 104].map((seq) => ({ seq })));
    expect(fallback.requestsOf('POST').map(({ body }) => bytesOf(body) > FRAME_BYTES)).toEqual([true]);
    expect(Math.max(...(socket?.texts ?? []).map(bytesOf))).toBeLessThan(FRAME_BYTES);
    expect(fallback.server.commandsOf('publish').flatMap(({ messages }) => messages)).toMatchObject(
      ['before', LARGE, 'after', 'more'].map((data) => ({ data })),
    );
  });

  it('is repeated under its key when the request is lost', async () => {
    const { fallback, clock, connection } = await connected();
    const bodies: string[] = [];
    fallback.intercept = (asked) => {
      if (!isPost(asked)) return undefined;
      bodies.push(asked.body);
      return bodies.length === 1 ? Promise.reject(new TypeError('The network is down')) : undefined;
    };
    const published = connection.channel('open:x').publish(LARGE, { key: 'mine' });
    await clock.pass(2_000);

    expect(await published).toEqual({ seq: 101 });
    expect(bodies.map((body) => JSON.parse(body).messages)).toEqual(
      Array.from({ length: 2 }, () => [{ data: LARGE, key: 'mine' }]),
    );
  });

  it('is sent once by a link that takes longer than the client waits, and the late reply counts', async () => {
    const { fallback, clock, connection } = await connected();
    let release = (_: undefined) => {};
    const uploaded = new Promise<undefined>((resolve) => {
      release = resolve;
    });
    fallback.intercept = (asked) =>
      isPost(asked) ? uploaded.then(() => fallback.answerTo(asked)) : undefined;
    const published = connection.channel('open:x').publish(LARGE);
    await clock.pass(60_000);
    release(undefined);
    await clock.pass(0);

    expect(await published).toEqual({ seq: 101 });
    expect(fallback.requestsOf('POST')).toHaveLength(1);
  });

  it.each([
    [401, 'token-expired'],
    [403, 'forbidden'],
  ])('is refused when the session over HTTP is, with %i', async (status, code) => {
    const { fallback, clock, connection } = await connected({ token: 'header.payload.signature' });
    fallback.intercept = () => refused(status, code);
    const published = expect(connection.channel('open:x').publish(LARGE)).rejects.toMatchObject({
      code,
      status,
    });
    await clock.pass(0);

    await published;
    expect(connection.state).toBe('connected');
  });

  it('is refused with what the server says', async () => {
    const { fallback, clock, connection } = await connected();
    fallback.server.script = ({ messages }) =>
      messages.length > 0
        ? { event: 'error', code: 'too-large', status: 413, message: 'Too large.' }
        : undefined;
    const published = expect(connection.channel('open:x').publish(LARGE)).rejects.toMatchObject({
      code: 'too-large',
      message: 'Too large.',
    });
    await clock.pass(0);

    await published;
  });

  it('ends with the connection, and so does its session', async () => {
    const { fallback, connection } = await connected();
    fallback.intercept = (asked) => (isPost(asked) ? NEVER : undefined);
    const published = expect(connection.channel('open:x').publish(LARGE)).rejects.toMatchObject({
      code: 'closed',
    });
    await settle();
    connection.close();
    await settle();

    await published;
    expect(fallback.open).toBe(0);
    expect(fallback.requestsOf('POST').map(({ signal }) => signal?.aborted)).toEqual([true]);
  });

  it('goes by the HTTP session that is there when there is no WebSocket', async () => {
    const { fallback, clock, connection } = await connected({ transports: ['polling'] });
    const published = connection.channel('open:x').publish(LARGE);
    await clock.pass(0);

    expect(await published).toEqual({ seq: 101 });
    expect(new Set(fallback.requests.map(({ session }) => session)).size).toBe(1);
  });

  it('is refused at once above 128 KB', async () => {
    const { fallback, connection } = await connected();
    const channel = connection.channel('open:x');

    await expect(channel.publish('x'.repeat(MESSAGE_BYTES))).rejects.toMatchObject({ code: 'too-large' });
    expect(fallback.requests).toEqual([]);
    expect(fallback.server.commands).toEqual([]);
  });
});

describe('publishes that fit into frames', () => {
  it('stay on the socket, all fifty of them', async () => {
    const { fallback, clock, connection } = await connected();
    const channel = connection.channel('open:x');
    const all = Promise.all(Array.from({ length: 50 }, () => channel.publish('x'.repeat(4_000))));
    await clock.pass(0);

    expect(await all).toHaveLength(50);
    expect(fallback.requests).toEqual([]);
  });
});

describe('an action of the application that is larger than a frame', () => {
  it('runs twice without a key when it is called twice', async () => {
    const { fallback, clock, connection } = await connected();
    fallback.server.script = ({ action }) => (action === 'store' ? { event: action, data: 1 } : undefined);
    const both = Promise.all([request(connection, 'store', LARGE), request(connection, 'store', LARGE)]);
    await clock.pass(0);

    expect(await both).toEqual([1, 1]);
    expect(fallback.server.commandsOf('store')).toHaveLength(2);
  });

  it('may have run when the request is lost', async () => {
    const { fallback, clock, connection } = await connected();
    fallback.intercept = (asked) => (isPost(asked) ? Promise.reject(new TypeError('down')) : undefined);
    const stored = expect(request(connection, 'store', LARGE)).rejects.toMatchObject({
      code: 'disconnected',
    });
    await clock.pass(0);

    await stored;
  });

  it('goes by HTTP, and gets its answer', async () => {
    const { fallback, clock, connection } = await connected();
    fallback.server.script = ({ action }) =>
      action === 'store' ? { event: action, data: 'stored' } : undefined;
    const stored = request(connection, 'store', LARGE);
    await clock.pass(0);

    expect(await stored).toBe('stored');
    expect(fallback.requestsOf('POST')).toHaveLength(1);
  });
});
