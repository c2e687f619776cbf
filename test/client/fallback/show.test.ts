/** Through a proxy that blocks one transport after the other, and lets them through again, in the middle of a stream. */

import { connect as connectDirectly } from 'fanfare-client';
import { connect, type Transport } from 'fanfare-client/fallback';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { tries } from '../../running/counts.ts';
import type { Runtime } from '../../runtime.ts';
import { sharedRuntime } from '../../shared-runtime.ts';
import { fallbackUrlOf } from './fallback-url.ts';
import { HostileProxy } from './hostile-proxy.ts';

const PHASES = 4;
/** At least five times what both publish at once, so that a block falls between two of those. */
const PER_PHASE = tries({ short: 500, long: 2_500 });
const MESSAGES = PHASES * PER_PHASE;

/** Published at once by each of the two; a fifth by the client in question. */
const OTHERS = 80;
const OWN = 20;

const A_MINUTE_MS = 60_000;

describe('blocked in the middle of a stream', () => {
  let runtime: Runtime;
  let proxy: HostileProxy;

  beforeAll(async () => {
    ({ runtime } = await sharedRuntime());
    proxy = await HostileProxy.start(runtime.urls.http);
  });

  afterAll(() => proxy.close());

  /** The transports that were in use, and a promise for the next change to one. */
  function itinerary() {
    const visited: Transport[] = [];
    const waiting = new Map<Transport, () => void>();
    return {
      visited,
      onTransport(transport: Transport) {
        visited.push(transport);
        waiting.get(transport)?.();
      },
      async reach(transport: Transport): Promise<void> {
        if (visited.at(-1) === transport) return;
        await new Promise<void>((resolve) => waiting.set(transport, resolve));
      },
    };
  }

  it(`${MESSAGES} messages arrive once and in order, by WebSocket, event stream, polling, and WebSocket again`, async () => {
    const { visited, onTransport, reach } = itinerary();
    const client = connect(proxy.through(runtime.urls.websocket), {
      fallbackUrl: proxy.through(fallbackUrlOf(runtime)),
      webSocket: WebSocket,
      backoff: { baseMs: 20, capMs: 100 },
      probe: { baseMs: 200, capMs: 1_000 },
      // A block shows at once. A client that gives up a slow opening would go elsewhere without one.
      openTimeoutMs: A_MINUTE_MS,
      onTransport,
    });
    const other = connectDirectly(runtime.urls.websocket, { webSocket: WebSocket });
    onTestFinished(() => {
      client.close();
      other.close();
    });
    const heard: number[] = [];
    const seqs: number[] = [];
    const heardBy = { websocket: 0, sse: 0, polling: 0 };
    const lost: unknown[] = [];
    client.on('lost', (gap) => lost.push(gap));
    let finish = () => {};
    const complete = new Promise<void>((resolve) => {
      finish = resolve;
    });
    await client.channel('open:show').subscribe(({ data, seq = 0 }) => {
      heard.push(Number(data));
      seqs.push(seq);
      heardBy[visited.at(-1) ?? 'websocket'] += 1;
      if (heard.length === MESSAGES) finish();
    }).ready;

    let next = 0;
    const say = (connection: typeof client, count: number) =>
      Array.from({ length: count }, () => connection.channel('open:show').publish(next++));
    const publish = async (count: number) => {
      for (const end = next + count; next < end; )
        await Promise.all([...say(other, OTHERS), ...say(client, OWN)]);
    };
    /** The proxy begins to block in the middle of the publishes. The rest is published after the client has got through. */
    const phase = async (blocked: () => void, transport: Transport) => {
      const during = publish(PER_PHASE / 5);
      blocked();
      await Promise.all([during, reach(transport)]);
      await publish((PER_PHASE * 4) / 5);
    };
    await phase(() => {}, 'websocket');
    await phase(() => proxy.block('websocket'), 'sse');
    await phase(() => proxy.block('websocket', 'sse'), 'polling');
    await phase(() => proxy.block(), 'websocket');
    await complete;

    expect(heard.toSorted((a, b) => a - b)).toEqual(Array.from({ length: MESSAGES }, (_, n) => n));
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
    expect(new Set(seqs).size).toBe(MESSAGES);
    expect(lost).toEqual([]);
    expect(Math.min(...Object.values(heardBy))).toBeGreaterThan(PER_PHASE / 2);
    // A probe that is under way when the block falls may find the event stream first.
    const stations = visited.filter((transport, index) => transport !== visited[index - 1]);
    expect(stations.join(' ')).toMatch(/^websocket sse polling (sse )?websocket$/);
  });
});
