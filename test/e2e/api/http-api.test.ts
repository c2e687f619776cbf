/** The HTTP API over the local runtime: its authorization, its operations, and their effects on clients. */

import { connect } from 'fanfare-client';
import { messagesOf } from 'fanfare-client/history';
import { FanfareServer } from 'fanfare-client/server';
import { operationNames, operations } from 'fanfare-protocol/operations';
import * as v from 'valibot';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { serverAudience } from '../../../lambdas/identity/own-token.ts';
import { Client } from '../../local/client.ts';
import type { Runtime } from '../../runtime.ts';
import { sharedRuntime } from '../../shared-runtime.ts';
import type { Mint } from '../../tokens.ts';
import { type ApiCall, generatedCalls } from './requests.ts';

const MISSED = 1_000;

describe('the HTTP API', () => {
  let runtime: Runtime;
  let mint: Mint;
  let server: FanfareServer;

  beforeAll(async () => {
    ({ runtime, mint } = await sharedRuntime());
    const token = await serverToken();
    server = new FanfareServer(runtime.urls.http, { token });
  });

  const serverToken = (more: Parameters<Mint>[2] = {}) =>
    mint('billing', undefined, { audience: serverAudience('local'), ...more });

  async function call({ method, path, body }: ApiCall, token?: string) {
    const response = await fetch(`${runtime.urls.http}${path}`, {
      method,
      headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
      ...(body !== undefined && { body }),
    });
    const answer: unknown = await response.json();
    return { status: response.status, answer };
  }

  async function callsNow(): Promise<readonly ApiCall[]> {
    const client = await Client.open(runtime.urls.websocket, ['fanfare.v1', await mint('listed')]);
    onTestFinished(() => client.kill());
    // Connections of other files end at any time.
    const { connections } = await server.call('connections', { user: 'listed' });
    const [{ connectionId = '' } = {}] = connections;
    const channel = 'open:listed';
    const { results } = await server.call('publish', { channels: [channel], data: 'first' });
    const [{ seq = 0 } = {}] = results.flatMap((result) => ('seq' in result ? [result] : []));
    return generatedCalls({ connectionId, channel, user: 'unknown', name: 'double', seq });
  }

  it('answers a generated request for each operation, by its own schema', async () => {
    const token = await serverToken();
    const calls = await callsNow();

    expect(calls.map(({ operationId }) => operationId).toSorted()).toEqual([...operationNames].toSorted());
    for (const name of operationNames) {
      const generated = calls.find(({ operationId }) => operationId === name);
      if (!generated) throw new Error(`There is no request for ${name}`);
      const { status, answer } = await call(generated, token);
      expect([name, status, v.is(operations[name].reply, answer)]).toEqual([name, 200, true]);
    }
  });

  it('refuses every operation without credentials, and with the wrong ones', async () => {
    const now = Math.floor(Date.now() / 1000);
    const wrong = new Map([
      ["a user's token", await mint('guest')],
      ['a token for servers of another stage', await serverToken({ audience: serverAudience('prod') })],
      ['an expired one', await serverToken({ issuedAt: now - 7_200, expiresAt: now - 3_600 })],
      ['no token at all', 'nonsense'],
    ]);

    for (const generated of await callsNow()) {
      expect([generated.operationId, (await call(generated)).status]).toEqual([generated.operationId, 401]);
      for (const [what, token] of wrong) {
        const { status } = await call(generated, token);
        expect([generated.operationId, what, status]).toEqual([generated.operationId, what, 403]);
      }
    }
  });

  it("accepts no server's token for a socket", async () => {
    await expect(Client.open(runtime.urls.websocket, ['fanfare.v1', await serverToken()])).rejects.toThrow(
      '401',
    );
  });

  it('publishes into a namespace for servers only, without a sender, and once for each key', async () => {
    const client = await Client.open(runtime.urls.websocket);
    await client.ask({ action: 'subscribe', channel: 'public:ticker' });

    const request = { channels: ['public:ticker'], data: { price: 7 }, key: 'tick-1' };
    const [first, second] = [await server.call('publish', request), await server.call('publish', request)];

    expect(second).toEqual(first);
    const frame = await client.next();
    expect(frame).toEqual({
      event: 'messages',
      channel: 'public:ticker',
      first: first.results[0]?.seq,
      messages: [{ seq: first.results[0]?.seq, data: { price: 7 }, time: expect.any(Number) }],
    });
    client.kill();
  });

  it('returns a result for each channel', async () => {
    const { results } = await server.call('publish', { channels: ['public:a', 'nowhere:a'], data: 1 });

    expect(results).toEqual([
      { channel: 'public:a', seq: expect.any(Number) },
      { channel: 'nowhere:a', error: expect.objectContaining({ code: 'forbidden', status: 403 }) },
    ]);
  });

  it('closes the connections of a user, who may come back', async () => {
    const token = await mint('guest');
    const client = await Client.open(runtime.urls.websocket, ['fanfare.v1', token]);

    expect(await server.call('closeConnections', { user: 'guest' })).toEqual({ closed: 1 });
    expect((await client.closed).code).toBe(1000);
    const again = await Client.open(runtime.urls.websocket, ['fanfare.v1', token]);
    again.kill();
  });

  it('revokes the token of a server as well', async () => {
    const token = await mint('intern', undefined, { audience: serverAudience('local') });
    const intern = new FanfareServer(runtime.urls.http, { token });
    await intern.call('occupancy', { channel: 'public:news' });

    await server.call('revoke', { user: 'intern' });

    await expect(intern.call('occupancy', { channel: 'public:news' })).rejects.toMatchObject({ status: 403 });
  });

  it(`keeps ${MISSED} messages for a user who is away, who gets all of them once and in order on return`, async () => {
    const token = await mint('wanderer');
    const seen: unknown[] = [];
    for (let sent = 0; sent < MISSED; sent += 50) {
      const messages = Array.from({ length: 50 }, (_, n) => ({ data: sent + n }));
      await server.call('publish', { users: ['wanderer'], messages });
    }

    const connection = connect(runtime.urls.websocket, { token, webSocket: WebSocket });
    onTestFinished(() => connection.close());
    for await (const { data } of messagesOf(connection.channel('@user:wanderer'), { after: 0 })) {
      seen.push(data);
      if (seen.length === MISSED) break;
    }

    expect(seen).toEqual(Array.from({ length: MISSED }, (_, n) => n));
  });
});
