/** `fanfare-client/server` over the local runtime: its tokens open connections, its messages arrive, and its revocations close. */

import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { FanfareServer, PublishError, publishEvent, signServerToken, signToken } from 'fanfare-client/server';
import * as v from 'valibot';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { recordSecret } from '../../leaks/evidence.ts';
import { Client } from '../../local/client.ts';
import { type SharedRuntime, sharedRuntime } from '../../shared-runtime.ts';

/** Without void numbers, which have no data. */
const pushed = v.object({ messages: v.array(v.object({ seq: v.number(), data: v.optional(v.unknown()) })) });

/** The data of each message up to `last`, once for its number: a worker sends a repeated publish once more, at any time. */
async function shownUntil(last: unknown, client: Client): Promise<readonly unknown[]> {
  const shown = new Map<number, unknown>();
  while (![...shown.values()].includes(last))
    for (const { seq, data } of v.parse(pushed, await client.next()).messages)
      if (data !== undefined) shown.set(seq, data);
  return [...shown.values()];
}

describe('a server', () => {
  let shared: SharedRuntime;
  let signer: { stage: string; secret: string };
  let fanfare: FanfareServer;

  beforeAll(async () => {
    shared = await sharedRuntime();
    signer = { stage: 'local', secret: shared.secret };
    fanfare = serverWith('everything');
  });

  function serverWith(rights: Parameters<typeof signServerToken>[0]['rights']): FanfareServer {
    const token = async () => {
      const signed = await signServerToken({ server: 'shop', rights, expiresInSeconds: 300 }, signer);
      recordSecret(signed);
      return signed;
    };
    return new FanfareServer(shared.runtime.urls.http, { token });
  }

  async function connected(user: string) {
    const token = await signToken(
      { user, channels: { 'chat:*': ['subscribe'], [`@user:${user}`]: ['subscribe'] } },
      signer,
    );
    recordSecret(token);
    const protocols = ['fanfare.v1', token];
    const client = await Client.open(shared.runtime.urls.websocket, protocols);
    onTestFinished(() => client.kill());
    return { client, protocols };
  }

  it('lets a user in, with the rights that it has given', async () => {
    const { client } = await connected('shopper');

    expect(await client.ask({ action: 'subscribe', channel: 'chat:shop' })).toMatchObject({
      event: 'subscribed',
    });
    expect(await client.ask({ action: 'publish', channel: 'chat:shop', data: 1 })).toMatchObject({
      code: 'forbidden',
    });
  });

  it('publishes to the user, and once for each key', async () => {
    const { client } = await connected('buyer');
    const request = { users: ['buyer'], data: 'shipped', key: 'order-17' };
    const [first, second] = [await fanfare.publish(request), await fanfare.publish(request)];
    await fanfare.publish({ users: ['buyer'], messages: [{ data: 'more' }] });

    expect(second).toEqual(first);
    expect(await shownUntil('more', client)).toEqual(['shipped', 'more']);
  });

  it('publishes by an event, which a program with rights of AWS puts on the bus', async () => {
    const { client } = await connected('guest-of-a-shop');
    const bus = new EventBridgeClient({
      endpoint: shared.runtime.urls.eventBridge,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    const entry = publishEvent('local', { users: ['guest-of-a-shop'], data: { by: 'an event' } });
    const { FailedEntryCount } = await bus.send(new PutEventsCommand({ Entries: [entry] }));
    bus.destroy();

    expect(FailedEntryCount).toBe(0);
    expect(await client.next()).toMatchObject({ messages: [{ data: { by: 'an event' } }] });
  });

  it('learns which channels have refused', async () => {
    const publishing = fanfare.publish({ channels: ['public:shop', 'nowhere:shop'], data: 1, key: 'two' });
    const error = await publishing.catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(PublishError);
    expect(error).toMatchObject({
      code: 'forbidden',
      isRetryable: false,
      results: [{ channel: 'public:shop', seq: expect.any(Number) }, { channel: 'nowhere:shop' }],
      remaining: { channels: ['nowhere:shop'], key: 'two' },
    });
  });

  it('may do only what its token names', async () => {
    const ticker = serverWith({ 'public:*': ['publish'] });
    await ticker.publish({ channels: ['public:shop'], data: 1 });

    const forbidden = { code: 'forbidden', status: 403 };
    await expect(ticker.publish({ everyone: true, data: 1 })).rejects.toMatchObject(forbidden);
    await expect(ticker.revoke({ user: 'shopper' })).rejects.toMatchObject(forbidden);
  });

  it('revokes: closes the connections of the user, whose token is worthless from then on', async () => {
    const { client, protocols } = await connected('thief');

    expect(await fanfare.revoke({ user: 'thief' })).toEqual({ closed: 1 });
    await client.closed;
    await expect(Client.open(shared.runtime.urls.websocket, protocols)).rejects.toThrow('401');
  });
});
