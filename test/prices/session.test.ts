/** What a client costs that connects, subscribes and leaves, as the bill meter counts it. */

import { afterAll, beforeAll, expect, it } from 'vitest';
import { manifest } from '../../lambdas/manifest/manifest.ts';
import { session } from '../../prices/offers/fanfare.ts';
import { keptAssembly } from '../kept-assembly.ts';
import { Client } from '../local/client.ts';
import { Queue } from '../local/queue.ts';
import { type Runtime, startRuntime } from '../runtime.ts';

/**
 * A function remembers for five seconds over how many shards a channel is spread (`dynamo-shards.ts`). A slow machine takes longer, and
 * reads it again, of `@all` and of the channel. Read units.
 */
const FORGOTTEN = [0, 0.5, 1];

let runtime: Runtime;
let invoked: string[] = [];
const left = new Queue<string>();

beforeAll(async () => {
  runtime = await startRuntime({
    maxEnvironments: 1,
    assemble: () =>
      keptAssembly({
        lifecycleEvents: { connections: false, channels: false, members: false, messages: 'none' },
      }),
    onInvoked: (name) => {
      invoked.push(name);
      if (name.startsWith('disconnect')) left.put(name);
    },
  });
});

afterAll(() => runtime.close());

/** Settles when the functions have done what follows. */
async function visit(after: number): Promise<void> {
  const client = await Client.open(runtime.urls.websocket);
  await client.ask({ action: 'subscribe', channel: 'open:news', after });
  await runtime.idle();
  await client.close();
  await left.next();
  await runtime.idle();
}

function memoryOf(functionName: string): number {
  const found = Object.entries(manifest).find(([name]) =>
    functionName.startsWith(`${name.replaceAll('-', '')}Function`),
  );
  if (!found) throw new Error(`${functionName} is not in the manifest`);
  return found[1].memoryMb;
}

it('a session of the only subscriber of a channel costs the units that the costs command counts', async () => {
  const publisher = await Client.open(runtime.urls.websocket);
  await publisher.ask({ action: 'publish', channel: 'open:news', data: 'extra', id: 1 });
  const subscribed = await publisher.ask({ action: 'subscribe', channel: 'open:news' });
  await publisher.ask({ action: 'unsubscribe', channel: 'open:news' });
  const position = Number(Object(subscribed).seq);
  // The functions remember what they read first.
  await visit(position);
  runtime.meter.reset();
  invoked = [];

  await visit(position);

  const { lines } = runtime.meter.bill();
  const sum = (item: string) =>
    lines.filter((line) => line.item === item).reduce((total, { quantity }) => total + Number(quantity), 0);
  const { reads, ...counted } = session;
  expect({
    messages: sum('WebSocket messages'),
    invocations: sum('requests'),
    memoryMb: invoked.reduce((total, name) => total + memoryOf(name), 0),
    writes: sum('write request units'),
    events: sum('custom events'),
  }).toEqual(counted);
  expect(FORGOTTEN).toContain(sum('read request units') - reads);
});
