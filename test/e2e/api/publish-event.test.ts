/** An event on the default bus becomes a message on a channel, over the local runtime. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../../local/client.ts';
import type { Runtime } from '../../runtime.ts';
import { sharedRuntime } from '../../shared-runtime.ts';

describe('an event of the type fanfare.publish', () => {
  let runtime: Runtime;
  let client: Client;

  beforeAll(async () => {
    ({ runtime } = await sharedRuntime());
    client = await Client.open(runtime.urls.websocket);
    await client.ask({ action: 'subscribe', channel: 'public:orders' });
  });

  afterAll(() => client.kill());

  /** As the SDK sends it. */
  async function putEvent(type: string, detail: unknown): Promise<void> {
    const entry = { Source: 'shop', DetailType: type, Detail: JSON.stringify(detail) };
    const response = await fetch(runtime.urls.eventBridge, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': 'AWSEvents.PutEvents' },
      body: JSON.stringify({ Entries: [entry] }),
    });
    expect(await response.json()).toMatchObject({ FailedEntryCount: 0 });
    await runtime.idle();
  }

  it('is published to the channels that its detail names', async () => {
    await putEvent('fanfare.publish', { stage: 'local', channels: ['public:orders'], data: { order: 17 } });

    expect(await client.next()).toMatchObject({
      event: 'messages',
      channel: 'public:orders',
      messages: [{ data: { order: 17 } }],
    });
  });

  it('is the only type that is published', async () => {
    await putEvent('fanfare.published', { stage: 'local', channels: ['public:orders'], data: 'no' });
    await putEvent('fanfare.publish', { stage: 'local', channels: ['public:orders'], data: 'yes' });

    expect(await client.next()).toMatchObject({ messages: [{ data: 'yes' }] });
  });

  it.each([
    ['names another stage', { stage: 'prod' }],
    ['names none', {}],
  ])('is not published when it %s', async (_what, more) => {
    await putEvent('fanfare.publish', { ...more, channels: ['public:orders'], data: 'no' });
    await putEvent('fanfare.publish', { stage: 'local', channels: ['public:orders'], data: 'yes' });

    expect(await client.next()).toMatchObject({ messages: [{ data: 'yes' }] });
  });

  it('is ignored when its detail is not a publish', async () => {
    await putEvent('fanfare.publish', { stage: 'local', channel: 'public:orders' });
    await putEvent('fanfare.publish', { stage: 'local', channels: ['public:orders'], data: 'after it' });

    expect(await client.next()).toMatchObject({ messages: [{ data: 'after it' }] });
  });
});
