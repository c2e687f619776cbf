/** The client against the real functions, over the local runtime. */

import { type Connection, connect, type Options } from 'fanfare-client';
import { messagesOf } from 'fanfare-client/history';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { Runtime } from '../runtime.ts';
import { sharedRuntime } from '../shared-runtime.ts';

const MESSAGES = 60;

describe('over the local runtime', () => {
  let runtime: Runtime;

  beforeAll(async () => {
    ({ runtime } = await sharedRuntime());
  });

  /** A client whose sockets can be cut. */
  function client(options: Options = {}): { connection: Connection; sockets: WebSocket[] } {
    const sockets: WebSocket[] = [];
    class Recorded extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols);
        sockets.push(this);
      }
    }
    const backoff = { baseMs: 20, capMs: 100 };
    const connection = connect(runtime.urls.websocket, { webSocket: Recorded, backoff, ...options });
    onTestFinished(() => connection.close());
    return { connection, sockets };
  }

  /** Collects the messages of a subscription, and resolves when a given number has come. */
  async function collect(connection: Connection, name: string, count: number) {
    const got: unknown[] = [];
    let finish = () => {};
    const complete = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const subscription = connection.channel(name).subscribe(({ data }) => {
      got.push(data);
      if (got.length === count) finish();
    });
    await subscription.ready;
    return { got, complete, subscription };
  }

  it('every message arrives once and in order while the sockets of both sides are cut', async () => {
    const reader = client();
    const writer = client();
    const lost: unknown[] = [];
    reader.connection.on('lost', (gap) => lost.push(gap));
    const { got, complete } = await collect(reader.connection, 'open:stream', MESSAGES);

    const channel = writer.connection.channel('open:stream');
    for (let n = 0; n < MESSAGES; n += 1) {
      const published = channel.publish(n);
      if (n % 20 === 5) reader.sockets.at(-1)?.terminate();
      if (n % 20 === 15) writer.sockets.at(-1)?.terminate();
      await published;
    }
    await complete;

    expect(got).toEqual(Array.from({ length: MESSAGES }, (_, n) => n));
    expect(lost).toEqual([]);
    expect(reader.sockets.length).toBeGreaterThan(1);
    expect(writer.sockets.length).toBeGreaterThan(1);
  });

  it('handlers do not notice a rotation in the middle of a stream', async () => {
    const reader = client();
    const writer = client();
    const { got, complete } = await collect(reader.connection, 'open:rotation', MESSAGES);
    const rotated = new Promise((resolve) => reader.connection.on('rotated', resolve));

    const channel = writer.connection.channel('open:rotation');
    for (let n = 0; n < MESSAGES; n += 1) {
      if (n === 20) reader.connection.renew();
      if (n === 30) writer.connection.renew();
      await channel.publish(n);
    }
    await Promise.all([complete, rotated]);

    expect(got).toEqual(Array.from({ length: MESSAGES }, (_, n) => n));
  });

  it('a subscription from an old position gets all later messages', async () => {
    const { connection } = client();
    const channel = connection.channel('open:resume');
    const start = await channel.publish('start');
    const large = 'x'.repeat(3_000);
    await Promise.all(Array.from({ length: MESSAGES }, (_, n) => channel.publish(`${n} ${large}`)));

    const got: unknown[] = [];
    for await (const { data } of messagesOf(channel, { after: start.seq ?? 0 })) {
      got.push(data);
      if (got.length === MESSAGES) break;
    }

    expect(got).toEqual(Array.from({ length: MESSAGES }, (_, n) => `${n} ${large}`));
  });

  it('a refusal is a FanfareError', async () => {
    const { connection } = client();

    await expect(connection.channel('public:news').publish(1)).rejects.toMatchObject({
      code: 'forbidden',
      status: 403,
    });
  });
});
