/** A heartbeat costs no Lambda run. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../local/client.ts';
import { type Runtime, startRuntime } from '../runtime.ts';

describe('ping', () => {
  let runtime: Runtime;
  const invoked: string[] = [];

  beforeAll(async () => {
    runtime = await startRuntime({
      maxEnvironments: 1,
      onInvoked: (name) => invoked.push(name),
    });
  });

  afterAll(() => runtime.close());

  it('is answered without invoking a function, and while every function is stopped (MK-1, MK-6)', async () => {
    const client = await Client.open(runtime.urls.websocket);
    // The stream of the new connection has its readers.
    await runtime.idle();
    expect(invoked.slice(0, 2)).toEqual([
      expect.stringMatching(/^authorizeFunction/),
      expect.stringMatching(/^connectFunction/),
    ]);
    const before = invoked.length;

    expect(await client.ask({ action: 'ping' })).toEqual({ event: 'pong' });
    runtime.functions.stop();

    expect(await client.ask({ action: 'ping' })).toEqual({ event: 'pong' });
    expect(invoked).toHaveLength(before);
    expect(await client.ask({ action: 'subscribe', channel: 'open:a' })).toMatchObject({
      message: 'Internal server error',
    });
  });
});
