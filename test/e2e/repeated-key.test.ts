/** A repeated publish costs its own request, for any number of subscribers. */

import { once } from 'node:events';
import { type Connection, connect } from 'fanfare-client';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { BILL_PATH } from '../../packages/local/src/site/bill-api.ts';
import { Client } from '../local/client.ts';
import { PATIENT_CLIENT } from '../patient-client.ts';
import { type Runtime, startRuntime } from '../runtime.ts';

const SUBSCRIBERS = 40;
const CHANNEL = 'open:repeated';

const bill = v.object({
  lines: v.array(v.object({ item: v.string(), cause: v.string(), times: v.number() })),
});

describe('a channel with forty subscribers', () => {
  let runtime: Runtime;
  const open: Connection[] = [];

  beforeAll(async () => {
    runtime = await startRuntime();
  });

  afterAll(async () => {
    for (const connection of open) connection.close();
    await runtime.close();
  });

  const at = (method: string) => fetch(new URL(BILL_PATH, runtime.urls.console), { method });

  it('sends no request after a repeated publish, and gets the next message without a wait', async () => {
    const publisher = await Client.open(runtime.urls.websocket);
    const heard = await Promise.all(Array.from({ length: SUBSCRIBERS }, subscribed));
    await publisher.ask({ action: 'publish', channel: CHANNEL, data: 'once', key: 'k' });
    await Promise.all(heard.map((until) => until('once')));
    await runtime.idle();
    await at('DELETE');

    await publisher.ask({ action: 'publish', channel: CHANNEL, data: 'once', key: 'k' });
    await runtime.idle();
    const repeated = await counts();
    await publisher.ask({ action: 'publish', channel: CHANNEL, data: 'next', key: 'l' });
    await Promise.all(heard.map((until) => until('next')));
    await runtime.idle();

    expect(repeated).toEqual({ requests: 1, runs: 1, posts: 0 });
    expect(await counts()).toEqual({ requests: 2, runs: 2, posts: SUBSCRIBERS });
  });

  /** Of the whole stage, since the bill was begun. */
  async function counts() {
    const { lines } = v.parse(bill, await (await at('GET')).json());
    const sum = (kind: string, cause: RegExp) =>
      lines
        .filter((line) => line.item === kind && cause.test(line.cause))
        .reduce((all, { times }) => all + times, 0);
    return {
      requests: sum('WebSocket messages', /^\$default, in$/),
      runs: sum('requests', /default|deliver/),
      posts: sum('WebSocket messages', /^@connections, out$/),
    };
  }

  /** A subscriber; the result waits until it has heard a message. */
  async function subscribed(): Promise<(data: string) => Promise<void>> {
    const connection = connect(runtime.urls.websocket, { webSocket: WebSocket, ...PATIENT_CLIENT });
    open.push(connection);
    const heard = new EventTarget();
    const seen = new Set<unknown>();
    const channel = connection.channel(CHANNEL);
    const { ready } = channel.subscribe(({ data }) => {
      seen.add(data);
      heard.dispatchEvent(new Event(String(data)));
    });
    await ready;
    return async (data) => {
      if (!seen.has(data)) await once(heard, data);
    };
  }
});
