/**
 * A channel with more subscribers than one machine has sockets: real rows in the embedded DynamoDB, the deployed functions in the
 * local runtime, and a management API that counts the messages of each connection. Workers are killed in the middle of their
 * posts.
 */

import { json } from 'node:stream/consumers';
import { messagesEvent } from 'fanfare-protocol/events';
import * as v from 'valibot';
import type { ConnectionStore } from '../../lambdas/realtime/connections/connection-store.ts';
import { join } from '../../lambdas/realtime/connections/membership.ts';
import { subscribersOf } from '../../lambdas/realtime/delivery/audience.ts';
import { visitInFlight } from '../../lambdas/realtime/in-flight.ts';
import { storesOn } from '../contracts/dynamo-stores.ts';
import { sessionFixture } from '../lambdas/sessions.ts';
import { Client } from '../local/client.ts';
import { listenOnLoopback } from '../loopback.ts';
import { type Runtime, startRuntime } from '../runtime.ts';
import { synthesizedWith } from './synthesized-with.ts';

export interface WideChannelOptions {
  readonly subscribers: number;
  readonly messages: number;
  readonly onProgress?: (text: string) => void;
}

export interface WideChannelResult {
  readonly shards: number;
  readonly fullestShard: number;
  readonly kills: number;
  /** Subscribers who did not get each message exactly once, going by its number as clients do. */
  readonly wrong: number;
  /** Posts of a message to a connection that had got it before, because a repeated worker posts its batch again. */
  readonly repeated: number;
  readonly secondsToJoin: number;
  readonly secondsToDeliver: number;
}

const CHANNEL = 'open:wide';
const JOINS_IN_FLIGHT = 64;

export async function serveWideChannel(options: WideChannelOptions): Promise<WideChannelResult> {
  const { subscribers, messages, onProgress = () => {} } = options;
  const inbox = await countingManagementApi();
  const runtime = await startRuntime({
    assemble: () => synthesizedWith({ MANAGEMENT_ENDPOINT: inbox.url }),
    asyncRetryDelaysMs: [0],
  });
  try {
    const joining = performance.now();
    const { shards, fullestShard } = await gather(runtime, subscribers);
    const secondsToJoin = secondsSince(joining);
    onProgress(`${subscribers} joined, ${shards} shards`);

    const delivering = performance.now();
    const publisher = await Client.open(runtime.urls.websocket);
    let kills = 0;
    for (let n = 0; n < messages; n++) {
      inbox.afterPosts(Math.ceil(Math.random() * subscribers * 0.9), () => {
        kills += killWorker(runtime);
      });
      const reply = await publisher.ask({ action: 'publish', channel: CHANNEL, data: n, key: `k${n}` });
      v.parse(v.looseObject({ event: v.literal('published') }), reply);
      await runtime.functions.eventQueue.idle();
      onProgress(`message ${n + 1} delivered, ${inbox.posts()} posts`);
    }
    publisher.kill();
    return {
      shards,
      fullestShard,
      kills,
      wrong: subscribers - inbox.connectionsWith(messages),
      repeated: inbox.posts() - inbox.distinct(),
      secondsToJoin,
      secondsToDeliver: secondsSince(delivering),
    };
  } finally {
    await runtime.close();
    await inbox.close();
  }
}

/** Every client subscribes by the domain's own code. Only the record of the connection is left out, because no code here reads it. */
async function gather(runtime: Runtime, count: number) {
  const { client, ...stores } = await storesOn(runtime.urls.dynamodb);
  const connections: ConnectionStore = {
    ...stores.connections,
    addChannel: async (_connectionId, { shard }) => ({ kind: 'added', shard }),
  };
  const nobody = { post: async () => 'gone' as const, disconnect: async () => 'gone' as const };
  const ports = { ...stores, connections, outbound: nobody, now: Date.now };
  const ids = Array.from({ length: count }, (_, index) => connectionIdOf(index));
  const connectedAt = Date.now();
  await visitInFlight(ids, JOINS_IN_FLIGHT, (connectionId) =>
    join(ports, sessionFixture({ connectionId, connectedAt }), CHANNEL),
  );
  const rows = new Map<number, number>();
  for await (const { shard } of subscribersOf(ports, CHANNEL)) rows.set(shard, (rows.get(shard) ?? 0) + 1);
  const shards = await stores.shards.count(CHANNEL);
  client.destroy();
  return { shards, fullestShard: Math.max(...rows.values()) };
}

/** As the gateway makes them: random, and ending in `=` (EV-7). */
function connectionIdOf(index: number): string {
  return `${Buffer.from(`connection-${index}`).toString('base64url').slice(-14)}=`;
}

function killWorker({ functions, functionNames }: Runtime): number {
  const name = functionNames.find((one) => one.endsWith('-deliver'));
  const [worker] = (name === undefined ? undefined : functions.pool(name)?.running()) ?? [];
  worker?.kill('Killed by the test.');
  return worker ? 1 : 0;
}

/** A management API on which every connection is open, and which records the messages of each. */
async function countingManagementApi() {
  const seen = new Map<string, Set<number>>();
  let posts = 0;
  let next = { at: Number.POSITIVE_INFINITY, run: () => {} };
  const { url, close } = await listenOnLoopback(async (request, response) => {
    const connectionId = decodeURIComponent(request.url?.split('/').at(-1) ?? '');
    const { messages } = v.parse(messagesEvent, await json(request));
    const numbers = seen.get(connectionId) ?? new Set();
    seen.set(connectionId, numbers);
    for (const { seq = 0 } of messages) numbers.add(seq);
    posts += 1;
    if (posts === next.at) next.run();
    response.end();
  });
  return {
    url: `${url}/local`,
    posts: () => posts,
    distinct: () => [...seen.values()].reduce((sum, { size }) => sum + size, 0),
    connectionsWith: (count: number) => [...seen.values()].filter(({ size }) => size === count).length,
    afterPosts(count: number, run: () => void) {
      next = { at: posts + count, run };
    },
    close,
  };
}

function secondsSince(start: number): number {
  return Math.round((performance.now() - start) / 100) / 10;
}
