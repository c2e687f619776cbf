/** What the renewal of a silent client costs, as the bill meter counts it, and what months of such clients cost. */

import { describe, expect, it, onTestFinished } from 'vitest';
import { manifest } from '../../lambdas/manifest/manifest.ts';
import { idleDollars, type Place, type Renewal, renewals, silencesNow } from '../../prices/idle.ts';
import { keptAssembly } from '../kept-assembly.ts';
import { Client } from '../local/client.ts';
import { Queue } from '../local/queue.ts';
import { type Runtime, startRuntime } from '../runtime.ts';
import { mintFor } from '../tokens.ts';

const OFF = { connections: false, channels: false, members: false, messages: 'none' } as const;

/**
 * The page counts all reads. A function remembers for five seconds over how many shards a channel is spread (`dynamo-shards.ts`), and a fast
 * machine renews within them: then the reads of `@all`, and of the room, are missing. Read units.
 */
const REMEMBERED: Readonly<Record<Place, readonly number[]>> = { alone: [0, 0.5], 'in a room': [0, 0.5, 1] };

interface Watched {
  readonly runtime: Runtime;
  readonly invoked: string[];
  readonly left: Queue<string>;
}

async function serve(events: 'on' | 'off'): Promise<Watched> {
  const invoked: string[] = [];
  const left = new Queue<string>();
  const runtime = await startRuntime({
    maxEnvironments: 1,
    assemble: () => keptAssembly(events === 'off' ? { lifecycleEvents: OFF } : {}),
    onInvoked: (name) => {
      invoked.push(name);
      if (name.startsWith('disconnect')) left.put(name);
    },
  });
  onTestFinished(() => runtime.close());
  return { runtime, invoked, left };
}

function memoryOf(functionName: string): number {
  const found = Object.entries(manifest).find(([name]) =>
    functionName.startsWith(`${name.replaceAll('-', '')}Function`),
  );
  if (!found) throw new Error(`${functionName} is not in the manifest`);
  return found[1].memoryMb;
}

/** Opens the next connection of a user and closes the one before, as the client of a page does. */
async function renewal(place: Place, { runtime, invoked, left }: Watched): Promise<Renewal> {
  const mint = await mintFor(runtime);
  const token = await mint('ann');
  const open = async (position?: number) => {
    const client = await Client.open(`${runtime.urls.websocket}?token=${token}`);
    if (place === 'alone') return { client, position };
    const after = position === undefined ? {} : { after: position };
    const subscribed = await client.ask({ action: 'subscribe', channel: 'open:room', ...after });
    return { client, position: Number(Object(subscribed).seq) };
  };
  const rotate = async (before: Awaited<ReturnType<typeof open>>) => {
    const next = await open(before.position);
    await runtime.idle();
    await before.client.close();
    await left.next();
    await runtime.idle();
    return next;
  };
  const other = await Client.open(`${runtime.urls.websocket}?token=${await mint('bob')}`);
  await other.ask({ action: 'subscribe', channel: 'open:room' });
  // The functions remember what they read first.
  const warm = await rotate(await open());
  runtime.meter.reset();
  invoked.length = 0;

  await rotate(warm);

  const { lines } = runtime.meter.bill();
  const sum = (item: string) =>
    lines.filter((line) => line.item === item).reduce((total, { quantity }) => total + Number(quantity), 0);
  return {
    messages: sum('WebSocket messages'),
    invocations: sum('requests'),
    memoryMb: invoked.reduce((total, name) => total + memoryOf(name), 0),
    reads: sum('read request units'),
    writes: sum('write request units'),
    events: sum('custom events'),
  };
}

it.each([
  ['alone', 'on'],
  ['alone', 'off'],
  ['in a room', 'on'],
  ['in a room', 'off'],
] as const)(
  'the renewal of a silent client %s, with events %s, costs what the page counts',
  async (place, events) => {
    const { reads, ...others } = await renewal(place, await serve(events));
    const { reads: most, ...counted } = renewals[place][events];

    expect(others).toEqual(counted);
    expect(REMEMBERED[place]).toContain(most - reads);
  },
);

describe('a month of silent clients', () => {
  it('costs $270 at most for 10,000 who are signed in', () => {
    const idle = { connections: 10_000, place: 'alone', events: 'off', silences: silencesNow } as const;

    expect(idleDollars(idle)).toBeLessThanOrEqual(270);
  });

  it('costs $2,900 at most for 100,000 in rooms of 50', () => {
    const idle = { connections: 100_000, place: 'in a room', events: 'off', silences: silencesNow } as const;

    expect(idleDollars(idle)).toBeLessThanOrEqual(2_900);
  });
});
