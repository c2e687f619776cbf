/** The same behaviour by each transport, over the local runtime, behind a proxy that cuts. */

import { connect, type Transport } from 'fanfare-client/fallback';
import { FanfareServer } from 'fanfare-client/server';
import { afterAll, beforeAll } from 'vitest';
import { WebSocket } from 'ws';
import { serverAudience } from '../../lambdas/identity/own-token.ts';
import { fallbackUrlOf } from '../client/fallback/fallback-url.ts';
import { HostileProxy } from '../client/fallback/hostile-proxy.ts';
import type { Runtime } from '../runtime.ts';
import { sharedRuntime } from '../shared-runtime.ts';
import type { Mint } from '../tokens.ts';
import { transportContract } from './transport.contract.ts';

let runtime: Runtime;
let proxy: HostileProxy;
let mint: Mint;
let server: FanfareServer;

beforeAll(async () => {
  ({ runtime, mint } = await sharedRuntime());
  proxy = await HostileProxy.start(runtime.urls.http);
  const token = await mint('billing', undefined, { audience: serverAudience('local') });
  server = new FanfareServer(runtime.urls.http, { token });
});

afterAll(() => proxy.close());

for (const transport of ['websocket', 'sse', 'polling'] satisfies Transport[]) {
  transportContract(transport, () => ({
    connect: (options) =>
      connect(proxy.through(runtime.urls.websocket), {
        fallbackUrl: proxy.through(fallbackUrlOf(runtime)),
        transports: [transport],
        webSocket: WebSocket,
        backoff: { baseMs: 20, capMs: 100 },
        ...options,
      }),
    cut: () => proxy.cut(),
    mint,
    publishTo: (user, data) => server.call('publish', { users: [user], data }),
  }));
}
