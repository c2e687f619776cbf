/** How sessions over HTTP end: by their token, a revocation, their lifetime, a crash of the function, or a client that stops reading. */

import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { FanfareServer } from 'fanfare-client/server';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { serverAudience } from '../../../lambdas/identity/own-token.ts';
import { stackNameOf } from '../../../lib/settings/stack-name.ts';
import { Client } from '../../local/client.ts';
import { type Mint, mintFor } from '../../tokens.ts';
import { dataIn, type EventReader } from './event-reader.ts';
import { FALLBACK, FallbackStage, newSession } from './fallback-stage.ts';

const SKEW_SECONDS = 1;
const STREAM_SECONDS = 10;
const TOKEN_SECONDS = 5;

let stage: FallbackStage;
let mint: Mint;
let server: FanfareServer;

beforeAll(async () => {
  stage = await FallbackStage.start({
    clockSkewSeconds: SKEW_SECONDS,
    streamSeconds: STREAM_SECONDS,
    leaseSeconds: 3,
  });
  mint = await mintFor(stage.runtime);
  const token = await mint('operator', undefined, { audience: serverAudience('local') });
  server = new FanfareServer(stage.runtime.urls.http, { token });
});

afterAll(() => stage.close());

async function connectionsIn(channel: string): Promise<number> {
  return (await server.call('occupancy', { channel })).connections;
}

async function streamOf(channel: string, user: string, expiresAt?: number): Promise<EventReader> {
  const token = await mint(user, undefined, expiresAt === undefined ? {} : { expiresAt });
  const reader = await stage.stream({ session: newSession(), channel }, { token });
  await reader.nextOf('subscribed');
  return reader;
}

describe('a stream', () => {
  it('ends with its token, says so, and delivers nothing after', async () => {
    const channel = 'live:expiry';
    const publisher = await Client.open(stage.runtime.urls.websocket, ['fanfare.v1', await mint('bob')]);
    onTestFinished(() => publisher.kill());
    const expiresAt = Math.floor(Date.now() / 1000) + TOKEN_SECONDS;
    const reader = await streamOf(channel, 'ann', expiresAt);
    const end = reader.rest();
    let isOver = false;
    void end.then(() => {
      isOver = true;
    });
    while (!isOver) await publisher.ask({ action: 'publish', channel, data: Date.now() });

    const events = await end;
    const messages = events.filter(({ frame }) => frame.event === 'messages');
    const times = messages.flatMap(dataIn).map(Number);
    expect(times.length).toBeGreaterThan(0);
    expect(Math.max(...times)).toBeLessThan((expiresAt + SKEW_SECONDS) * 1000);
    expect(events.at(-1)?.frame).toEqual({ event: 'closing', reason: 'token-expired', reconnectAfter: 0 });
  });

  it('ends when its user is revoked, and cannot be opened again with the same token', async () => {
    const channel = 'live:revoked';
    const token = await mint('dora');
    const reader = await stage.stream({ session: newSession(), channel }, { token });
    await reader.nextOf('subscribed');
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const lambda = new LambdaClient({
      endpoint: stage.runtime.urls.lambda,
      region: 'us-east-1',
      credentials,
    });
    const FunctionName = `${stackNameOf('local')}-revoke`;
    const { Payload } = await lambda.send(
      new InvokeCommand({ FunctionName, Payload: JSON.stringify({ user: 'dora' }) }),
    );
    lambda.destroy();

    expect(JSON.parse(Payload?.transformToString() ?? '')).toEqual({ closed: 1 });
    expect(await reader.rest()).toEqual([]);
    expect(await connectionsIn(channel)).toBe(0);
    await expect(stage.stream({ channel }, { token })).rejects.toThrow('401');
  });

  it('that an operator closes ends, and can be opened again', async () => {
    const channel = 'live:closed';
    const reader = await streamOf(channel, 'emil');
    const { connections } = await server.call('connections', { user: 'emil' });

    expect(connections).toMatchObject([{ connectionId: expect.stringMatching(/^http=/), user: 'emil' }]);
    const [{ connectionId = '' } = {}] = connections;
    expect(await server.call('closeConnection', { connectionId })).toEqual({ closed: 1 });

    expect(await reader.rest()).toEqual([]);
    const again = await streamOf(channel, 'emil');
    expect(await connectionsIn(channel)).toBe(1);
    again.leave();
  });

  it('says that its time is over, goes on for a while, and resumes on another one without a gap', async () => {
    const channel = 'open:lifetime';
    const token = await mint('ann');
    const first = await stage.stream({ channel }, { token });
    await first.nextOf('subscribed');
    await server.call('publish', { channels: [channel], data: 'one' });
    const { id = '' } = await first.nextOf('messages');
    expect((await first.nextOf('closing')).frame).toEqual({
      event: 'closing',
      reason: 'lifetime',
      reconnectAfter: 0,
    });

    const second = await stage.stream({ channel }, { token, lastEventId: id });
    await second.nextOf('subscribed');
    await server.call('publish', { channels: [channel], data: 'two' });

    expect(dataIn(await second.nextOf('messages'))).toEqual(['two']);
    expect((await first.rest()).flatMap(dataIn)).toEqual(['two']);
  });

  it('is forgotten at once when its reader leaves', async () => {
    const channel = 'open:leaving';
    const reader = await streamOf(channel, 'ann');
    expect(await connectionsIn(channel)).toBe(1);
    const idle = new Promise<void>((resolve) => {
      void (async () => {
        while ((await connectionsIn(channel)) > 0) await server.call('channels', {});
        resolve();
      })();
    });
    const from = Date.now();
    reader.leave();
    await idle;

    // Not by the end of its lease.
    expect(Date.now() - from).toBeLessThan(1_500);
  });

  it('whose function is killed counts no longer than its lease, and is then let go', async () => {
    const channel = 'live:killed';
    const reader = await streamOf(channel, 'kim');
    for (const environment of stage.runtime.functions.pool(FALLBACK)?.running() ?? [])
      environment.kill('Killed.');
    expect(await reader.rest()).toEqual([]);
    expect((await server.call('connections', { user: 'kim' })).connections).toHaveLength(1);

    while ((await connectionsIn(channel)) > 0) await server.call('channels', {});
    // The next message finds what is left.
    await server.call('publish', { channels: [channel], data: 'anybody?' });

    expect((await server.call('connections', { user: 'kim' })).connections).toEqual([]);
  });
});

describe('a session that is polled', () => {
  it('ends when its client stops polling', async () => {
    const session = newSession();
    await stage.ask({ path: 'poll', query: { session, open: '1' } });
    const post = () => stage.ask({ method: 'POST', query: { session }, body: { action: 'ping' } });
    expect((await post()).status).toBe(200);
    const poll = () => stage.ask({ path: 'poll', query: { session, wait: '1' } });

    // Longer than a lease.
    for (let n = 0; n < 5; n++) expect((await poll()).status).toBe(200);
    let status = 200;
    while (status === 200) ({ status } = await post());

    expect(status).toBe(410);
    expect((await poll()).json).toMatchObject({ code: 'gone', status: 410 });
  });
});
