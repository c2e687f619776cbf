/** If a worker fails at each repetition, the clients that it should have served are disconnected, and resume. */

import type { Plugin } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { storesOn } from '../contracts/dynamo-stores.ts';
import { assemblyWithOwn, keptAssembly } from '../kept-assembly.ts';
import { Client } from '../local/client.ts';
import { startRuntime } from '../runtime.ts';

const CHANNEL = 'open:wide';

/** A worker that dies at its first step. A worker that the platform refuses is another case, which closes no connection. */
const dyingWorker: Plugin = {
  name: 'dying worker',
  setup(build) {
    build.onLoad({ filter: /aws\/dynamo-claims\.ts$/ }, () => ({
      contents: `export const dynamoClaims = () => ({ claim: () => process.exit(1) });
        export const dynamoNewestLateFrame = () => ({});
        export const dynamoLateFrames = () => ({});`,
      loader: 'ts',
    }));
  },
};

describe('a subscriber that no worker could serve', () => {
  it('is disconnected, and finds the message when it comes back', async () => {
    const runtime = await startRuntime({
      assemble: async (outdir) =>
        assemblyWithOwn(await keptAssembly(), { names: ['deliver'], outdir, plugins: [dyingWorker] }),
      asyncRetryDelaysMs: [0],
    });
    const { client: dynamodb, shards } = await storesOn(runtime.urls.dynamodb);
    const subscriber = await Client.open(runtime.urls.websocket);
    const subscribed = await subscriber.ask({ action: 'subscribe', channel: CHANNEL });
    // Two shards are more than a publisher serves itself.
    await shards.grow(CHANNEL, 1, 2);

    const publisher = await Client.open(runtime.urls.websocket);
    const published = await publisher.ask({ action: 'publish', channel: CHANNEL, data: 'x' });
    expect(published).toMatchObject({ event: 'published' });

    await subscriber.closed;
    const back = await Client.open(runtime.urls.websocket);
    const after = Object.entries(subscribed ?? {}).find(([name]) => name === 'seq')?.[1];
    expect(await back.ask({ action: 'subscribe', channel: CHANNEL, after })).toMatchObject({
      recovered: true,
      messages: [{ data: 'x' }],
    });

    dynamodb.destroy();
    await runtime.close();
  });
});
