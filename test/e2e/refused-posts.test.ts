/** A stage whose posts are all refused, as by a missing grant: its subscribers stay connected, and catch up afterwards. */

import { describe, expect, it, onTestFinished } from 'vitest';
import { storesOn } from '../contracts/dynamo-stores.ts';
import { Client } from '../local/client.ts';
import { listenOnLoopback } from '../loopback.ts';
import { startRuntime } from '../runtime.ts';
import { synthesizedWith } from './synthesized-with.ts';

const CHANNEL = 'open:wide';

describe('a wide channel whose every post is refused', () => {
  it('keeps its subscribers through workers, their repetitions and release', async () => {
    const asked: string[] = [];
    const gateway = await listenOnLoopback((request, response) => {
      asked.push(request.method ?? '');
      request.resume();
      response.writeHead(403, { 'x-amzn-ErrorType': 'AccessDeniedException' }).end('{"message":"not you"}');
    });
    onTestFinished(() => gateway.close());
    const runtime = await startRuntime({
      assemble: () => synthesizedWith({ MANAGEMENT_ENDPOINT: `${gateway.url}/local` }),
      asyncRetryDelaysMs: [0],
    });
    onTestFinished(() => runtime.close());
    const { client: dynamodb, shards, subscriptions } = await storesOn(runtime.urls.dynamodb);
    onTestFinished(() => dynamodb.destroy());
    const subscriber = await Client.open(runtime.urls.websocket);
    await subscriber.ask({ action: 'subscribe', channel: CHANNEL });
    // Two shards are more than a publisher serves itself.
    await shards.grow(CHANNEL, 1, 2);

    const publisher = await Client.open(runtime.urls.websocket);
    expect(await publisher.ask({ action: 'publish', channel: CHANNEL, data: 'x' })).toMatchObject({
      event: 'published',
    });
    await runtime.functions.eventQueue.idle();

    // The worker, its two repetitions, and release, which looks before it closes anything.
    expect(asked.length).toBeGreaterThanOrEqual(3);
    expect(new Set(asked)).toEqual(new Set(['POST']));
    const page = await subscriptions.page({ channel: CHANNEL, shard: 0 });
    expect(page.subscriptions).toHaveLength(1);
    expect(await subscriber.ask({ action: 'history', channel: CHANNEL })).toMatchObject({
      event: 'history',
      messages: [{ data: 'x' }],
    });
  });
});
