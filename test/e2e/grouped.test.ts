/** Hundreds of channels on one connection, on the local runtime with the deployed functions. */

import { once } from 'node:events';
import { connect } from 'fanfare-client';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { visitInFlight } from '../../lambdas/realtime/in-flight.ts';
import { type DynamoStores, storesOn } from '../contracts/dynamo-stores.ts';
import { Client } from '../local/client.ts';
import type { Runtime } from '../runtime.ts';
import { sharedRuntime } from '../shared-runtime.ts';

const RETENTION = { retentionMs: 24 * 60 * 60 * 1000 };

/** The symbols of an exchange, each with a price. */
const SYMBOLS = Array.from({ length: 500 }, (_, n) => `grouped:${n.toString(36).padStart(4, 's')}`);

let runtime: Runtime;
let stores: DynamoStores;

beforeAll(async () => {
  ({ runtime } = await sharedRuntime());
  stores = await storesOn(runtime.urls.dynamodb);
  await visitInFlight(SYMBOLS, 16, async (channel) => {
    const { seq } = await stores.channelLog.raise(channel, 1, Date.now());
    await stores.channelLog.write(channel, [{ seq, data: channel, time: Date.now() }], RETENTION);
  });
});

afterAll(() => stores.client.destroy());

const bill = v.object({
  lines: v.array(v.object({ item: v.string(), cause: v.string(), quantity: v.string() })),
});

/** The write units that the runtime has counted since the last call. */
async function writeUnits(): Promise<number> {
  const url = new URL('/local-api/bill', runtime.urls.http);
  const { lines } = v.parse(bill, await (await fetch(url)).json());
  await fetch(url, { method: 'DELETE' });
  const writes = lines.filter(({ item }) => item === 'write request units');
  return writes.reduce((sum, { quantity }) => sum + Number(quantity), 0);
}

function tell(what: string, begun: number, units: number): void {
  const seconds = ((performance.now() - begun) / 1000).toFixed(2);
  process.stdout.write(`${what}: ${seconds} s to the prices of 500 symbols, ${units} write units.\n`);
}

const priced = v.object({
  event: v.literal('subscribed'),
  channel: v.string(),
  messages: v.array(v.object({ data: v.string() })),
});

describe('500 symbols on one connection', () => {
  it('take one frame of a plain client, whose reply has the last price of each', async () => {
    const client = await Client.open(runtime.urls.websocket);
    onTestFinished(() => client.socket.close());
    await writeUnits();
    const frameOf = (channels: readonly string[]) =>
      JSON.stringify(channels.map((channel) => ({ action: 'subscribe', channel, last: 1 })));
    expect(frameOf(SYMBOLS).length).toBeLessThan(32 * 1024);
    const begun = performance.now();
    const prices = new Map<string, unknown>();

    let left: readonly string[] = SYMBOLS;
    while (left.length > 0) {
      const replies = v.parse(v.array(v.unknown()), [await client.ask(frameOf(left))].flat());
      // A slow machine may have no time for all, and answers the others with `busy`.
      for (const reply of replies)
        if (v.is(priced, reply)) prices.set(reply.channel, reply.messages[0]?.data);
      left = left.filter((channel) => !prices.has(channel));
    }

    tell('One frame', begun, await writeUnits());
    expect([...prices].toSorted()).toEqual(SYMBOLS.map((channel) => [channel, channel]).toSorted());
  });

  it('are named by two frames of the client library, and every later price comes live', async () => {
    const sent: string[] = [];
    class WatchedSocket extends WebSocket {
      override send(data: string): void {
        sent.push(data);
        super.send(data);
      }
    }
    const connection = connect(runtime.urls.websocket, { webSocket: WatchedSocket });
    onTestFinished(() => connection.close());
    const heard = new Map<string, unknown>();
    const changed = new EventTarget();
    const begun = performance.now();
    for (const channel of SYMBOLS)
      connection.channel(channel).subscribe(
        ({ data }) => {
          heard.set(channel, data);
          changed.dispatchEvent(new Event('heard'));
        },
        { last: 1 },
      );

    while (heard.size < SYMBOLS.length) await once(changed, 'heard');
    tell('The client library', begun, await writeUnits());
    // A slow machine repeats what was not answered in time, one by one.
    const first = sent.filter((text) => text.includes('subscribe')).slice(0, 2);
    expect(SYMBOLS.every((channel) => first.join().includes(`"${channel}"`))).toBe(true);
    const publisher = await Client.open(runtime.urls.websocket);
    onTestFinished(() => publisher.socket.close());
    await publisher.ask({ action: 'publish', channel: SYMBOLS[250], data: 'new' });

    while (heard.get(SYMBOLS[250] ?? '') !== 'new') await once(changed, 'heard');
  });
});
