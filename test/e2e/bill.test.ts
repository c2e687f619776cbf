/** The bill of Fanfare itself, as the console reads it. */

import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BILL_PATH } from '../../packages/local/src/site/bill-api.ts';
import { Client } from '../local/client.ts';
import { type Runtime, startRuntime } from '../runtime.ts';

const bill = v.object({
  total: v.string(),
  lines: v.array(v.object({ service: v.string(), item: v.string(), cause: v.string(), times: v.number() })),
  channels: v.array(
    v.object({ channel: v.string(), messagesIn: v.number(), messagesOut: v.number(), dollars: v.string() }),
  ),
});

/** Milliseconds since 1970. */
const NOW = 1_800_000_000_000;

describe('the bill', () => {
  let runtime: Runtime;

  beforeAll(async () => {
    // Its clock stands still: a connection is charged for each minute that has begun.
    runtime = await startRuntime({ maxEnvironments: 1, billing: { now: () => NOW } });
  });

  afterAll(() => runtime.close());

  const at = (method: string, headers = {}) =>
    fetch(new URL(BILL_PATH, runtime.urls.console), { method, headers });
  const read = async () => v.parse(bill, await (await at('GET')).json());

  /** Begins a new bill after all earlier work has ended. */
  async function begin(): Promise<void> {
    await runtime.idle();
    expect((await at('DELETE')).status).toBe(204);
  }

  it('of a ping is two messages and 0 Lambda runs (MK-6)', async () => {
    const client = await Client.open(runtime.urls.websocket);
    await begin();

    await client.ask({ action: 'ping' });

    const { total, lines } = await read();
    expect(lines.map(({ item, cause, times }) => [item, cause, times])).toEqual([
      ['WebSocket messages', 'ping, in', 1],
      ['WebSocket messages', 'ping, out', 1],
      ['connection minutes', 'open connections', 1],
    ]);
    expect(total).toBe('0.00000225');
    // It stays open: the end of a connection runs functions, at any time.
  });

  it('of a publish names the function, the tables and the channel, with one message for each subscriber', async () => {
    const publisher = await Client.open(runtime.urls.websocket);
    const subscribers = await Promise.all(
      Array.from({ length: 3 }, () => Client.open(runtime.urls.websocket)),
    );
    for (const client of subscribers) await client.ask({ action: 'subscribe', channel: 'open:news' });
    // In a channel with values, the first message after a pause also notes the pause.
    await publisher.ask({ action: 'publish', channel: 'open:news', data: 'first' });
    for (const client of subscribers) await client.next();
    await begin();

    await publisher.ask({ action: 'publish', channel: 'open:news', data: 'extra' });
    for (const client of subscribers) await client.next();

    const { lines, channels } = await read();
    const times = (item: string, cause: RegExp) =>
      lines.filter((line) => line.item === item && cause.test(line.cause)).map((line) => line.times);
    expect(times('WebSocket messages', /^@connections, out$/)).toEqual([3]);
    expect(times('requests', /^default/)).toEqual([1]);
    expect(times('time on arm64', /^default/)).toEqual([1]);
    expect(times('write request units', /Channels/)).toEqual([1]);
    expect(times('write request units', /Messages/)).toEqual([1]);
    // The command, the three posts, and the reply.
    expect(channels).toEqual([{ channel: 'open:news', messagesIn: 1, messagesOut: 4, dollars: '0.000005' }]);
  });

  it('of a handshake that is refused has the run of the authorizer, and no message', async () => {
    await begin();

    await expect(
      Client.open(runtime.urls.websocket, [], { origin: 'https://elsewhere.example' }),
    ).rejects.toThrow('403');

    const { lines } = await read();
    expect(lines.filter(({ item }) => item === 'WebSocket messages')).toEqual([]);
    expect(lines.filter(({ item }) => item === 'requests')).toMatchObject([
      { cause: expect.stringMatching(/^authorize/), times: 1 },
    ]);
  });

  it('is not for pages of other sites, and takes no other method', async () => {
    const asked = await at('OPTIONS', {
      origin: 'https://elsewhere.example',
      'access-control-request-method': 'DELETE',
    });
    const read = await at('GET', { origin: 'https://elsewhere.example' });

    expect([asked.status, read.status]).toEqual([403, 403]);
    expect([asked, read].map(({ headers }) => headers.get('access-control-allow-origin'))).toEqual([
      null,
      null,
    ]);
    expect((await at('POST')).status).toBe(405);
  });
});
