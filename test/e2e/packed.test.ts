/** Packed channels on the local runtime: the deployed functions, and the stream that wakes the one that delivers. */

import { once } from 'node:events';
import { connect } from 'fanfare-client';
import { messagesEvent } from 'fanfare-protocol/events';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { type DynamoStores, storesOn } from '../contracts/dynamo-stores.ts';
import { Client } from '../local/client.ts';
import type { Runtime } from '../runtime.ts';
import { sharedRuntime } from '../shared-runtime.ts';

const RETENTION = { retentionMs: 24 * 60 * 60 * 1000 };

let runtime: Runtime;
let stores: DynamoStores;

beforeAll(async () => {
  ({ runtime } = await sharedRuntime());
  stores = await storesOn(runtime.urls.dynamodb);
});

afterAll(() => stores.client.destroy());

/** A subscriber with the client library. */
async function subscriberOf(channel: string) {
  const frames: { readonly messages: readonly unknown[] }[] = [];
  class WatchedSocket extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.on('message', (data) => {
        const event = v.safeParse(messagesEvent, JSON.parse(String(data)));
        if (event.success && event.output.channel === channel) frames.push(event.output);
      });
    }
  }
  const connection = connect(runtime.urls.websocket, { webSocket: WatchedSocket });
  onTestFinished(() => connection.close());
  const heard: unknown[] = [];
  const changed = new EventTarget();
  const { ready } = connection.channel(channel).subscribe(({ data }) => {
    heard.push(data);
    changed.dispatchEvent(new Event('heard'));
  });
  await ready;
  const until = async (count: number) => {
    while (heard.length < count) await once(changed, 'heard');
  };
  return { heard, frames, until };
}

describe('a packed channel', () => {
  it('brings each subscriber all messages, in order, in fewer frames than messages', async () => {
    const channel = 'packed:many';
    const subscribers = await Promise.all([subscriberOf(channel), subscriberOf(channel)]);
    const publisher = connect(runtime.urls.websocket, { webSocket: WebSocket });
    onTestFinished(() => publisher.close());
    const sent = Array.from({ length: 60 }, (_, index) => index);

    await Promise.all(sent.map((index) => publisher.channel(channel).publish(index)));
    await Promise.all(subscribers.map(({ until }) => until(sent.length)));
    await runtime.idle();

    for (const { heard, frames } of subscribers) {
      expect(heard.toSorted((one, other) => Number(one) - Number(other))).toEqual(sent);
      expect(frames.length).toBeLessThan(sent.length / 2);
    }
    expect(subscribers[0]?.heard).toEqual(subscribers[1]?.heard);
  });

  it('answers the publisher when the message is in the log, with its number', async () => {
    const publisher = await Client.open(runtime.urls.websocket);

    const reply = await publisher.ask({ action: 'publish', channel: 'packed:durable', data: 'kept' });
    const page = await publisher.ask({ action: 'history', channel: 'packed:durable' });

    expect(page).toMatchObject({ messages: [{ seq: v.parse(numbered, reply).seq, data: 'kept' }] });
  });

  it('brings a message whose publisher has died after the write, and passes over the number of one that died before', async () => {
    const channel = 'packed:died';
    const { heard, frames, until } = await subscriberOf(channel);
    await stores.channelLog.raise(channel, 1, Date.now());
    const { seq } = await stores.channelLog.raise(channel, 1, Date.now());
    await stores.channelLog.write(channel, [{ seq, data: 'left behind', time: Date.now() }], RETENTION);

    await until(1);

    expect(heard).toEqual(['left behind']);
    expect(frames).toMatchObject([
      {
        messages: [
          { seq: seq - 1, void: true },
          { seq, data: 'left behind' },
        ],
      },
    ]);
  });

  it('sends a message of 20 KB in a frame of its own, so that no frame is larger than 32 KB', async () => {
    const channel = 'packed:large';
    const { heard, frames, until } = await subscriberOf(channel);
    const publisher = await Client.open(runtime.urls.websocket);
    const large = ['a', 'b', 'c'].map((letter) => letter.repeat(20_000));

    await Promise.all(large.map((data) => publisher.ask({ action: 'publish', channel, data })));
    await until(large.length);

    expect(new Set(heard)).toEqual(new Set(large));
    expect(frames.map(({ messages }) => messages.length)).toEqual([1, 1, 1]);
  });

  it('sends nothing for a repeated publish', async () => {
    const channel = 'packed:repeated';
    const { heard, frames, until } = await subscriberOf(channel);
    const publisher = await Client.open(runtime.urls.websocket);
    const publish = (data: string, key: string) => publisher.ask({ action: 'publish', channel, data, key });
    const first = await publish('once', 'k');
    await until(1);

    const again = await publish('once', 'k');
    await publish('next', 'l');
    await until(2);

    expect(again).toEqual(first);
    expect(heard).toEqual(['once', 'next']);
    expect(frames).toHaveLength(2);
  });
});

const numbered = v.object({ seq: v.number() });
