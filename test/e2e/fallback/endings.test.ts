/** How sessions over HTTP end: by their token, a revocation, their lifetime, a crash of the function, or a client that stops reading. */

import { setTimeout } from 'node:timers/promises';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { FanfareServer } from 'fanfare-client/server';
import { HTTP_SESSION_LEASE_MS } from 'fanfare-protocol/limits';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { serverAudience } from '../../../lambdas/identity/own-token.ts';
import { stackNameOf } from '../../../lib/settings/stack-name.ts';
import { Client } from '../../local/client.ts';
import { type Mint, mintFor } from '../../tokens.ts';
import { dataIn, type EventReader } from './event-reader.ts';
import { FALLBACK, FallbackStage, newSession } from './fallback-stage.ts';
import { startImpatientRuntime } from './impatient-stage.ts';

const SKEW_SECONDS = 1;
/** The stream announces its end after half of the time. The other half is for resuming. */
const STREAM_SECONDS = 30;
const TOKEN_SECONDS = 3;
/** Between two messages of a stream that is watched until its end. */
const PACE_MS = 50;

interface StreamOptions {
  readonly session?: string;
  /** Of its token. Seconds since 1970. */
  readonly expiresAt?: number;
}

const LEASE_SECONDS = HTTP_SESSION_LEASE_MS / 1000;

let stage: FallbackStage;
let mint: Mint;
let server: FanfareServer;

beforeAll(async () => {
  const shortened = { clockSkewSeconds: SKEW_SECONDS, streamSeconds: STREAM_SECONDS };
  stage = new FallbackStage(await startImpatientRuntime(shortened));
  mint = await mintFor(stage.runtime);
  const token = await mint('operator', undefined, { audience: serverAudience('local') });
  server = new FanfareServer(stage.runtime.urls.http, { token });
});

afterAll(() => {
  stage.destroy();
  return stage.runtime.close();
});

async function connectionsIn(channel: string): Promise<number> {
  return (await server.call('occupancy', { channel })).connections;
}

const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

async function streamOf(channel: string, user: string, more: StreamOptions = {}): Promise<EventReader> {
  const { session = newSession(), expiresAt } = more;
  const token = await mint(user, undefined, expiresAt === undefined ? {} : { expiresAt });
  const reader = await stage.stream({ session, channel }, { token });
  await reader.nextOf('subscribed');
  return reader;
}

/** A stream that has heard a message, and whose token ends soon. On a slow machine a short token ends before that: a longer one follows. */
async function streamThatEnds(channel: string, publish: () => Promise<void>, seconds = TOKEN_SECONDS) {
  const expiresAt = inSeconds(seconds);
  try {
    const reader = await streamOf(channel, 'ann', { expiresAt });
    await publish();
    await reader.nextOf('messages');
    return { reader, expiresAt };
  } catch (error) {
    if (Date.now() < expiresAt * 1000) throw error;
    return streamThatEnds(channel, publish, 2 * seconds);
  }
}

describe('a stream', () => {
  it('ends with its token, says so, and delivers nothing after', async () => {
    const channel = 'live:expiry';
    const publisher = await Client.open(stage.runtime.urls.websocket, ['fanfare.v1', await mint('bob')]);
    onTestFinished(() => publisher.kill());
    const { reader, expiresAt } = await streamThatEnds(channel, async () => {
      await publisher.ask({ action: 'publish', channel, data: Date.now() });
    });
    const end = reader.rest();
    let isOver = false;
    void end.then(() => {
      isOver = true;
    });
    while (!isOver) {
      await publisher.ask({ action: 'publish', channel, data: Date.now() });
      await setTimeout(PACE_MS);
    }

    const events = await end;
    const messages = events.filter(({ frame }) => frame.event === 'messages');
    const times = messages.flatMap(dataIn).map(Number);
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

    await server.call('publish', { channels: [channel], data: 'two' });
    expect(dataIn(await first.nextOf('messages'))).toEqual(['two']);
    const second = await stage.stream({ channel }, { token, lastEventId: id });

    expect(dataIn(await second.nextOf('messages'))).toEqual(['two']);
    first.leave();
  });

  it('whose function is killed counts no longer than its lease, and then ends', async () => {
    const channel = 'live:killed';
    const session = newSession();
    const reader = await streamOf(channel, 'kim', { session });
    for (const environment of stage.runtime.functions.pool(FALLBACK)?.running() ?? [])
      environment.kill('Killed.');
    expect(await reader.rest()).toEqual([]);
    expect((await server.call('connections', { user: 'kim' })).connections).toHaveLength(1);

    expect(await stage.leaseEnd('kim', session)).toBeLessThanOrEqual(inSeconds(LEASE_SECONDS) + 1);
    await stage.moveLeaseEnd('kim', session, inSeconds(0));
    expect(await connectionsIn(channel)).toBe(0);
    // The next message finds the rows that are left.
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

    // A poll renews the lease when more than three eighths of it are over.
    await stage.moveLeaseEnd(undefined, session, inSeconds(LEASE_SECONDS / 2));
    expect((await poll()).status).toBe(200);
    expect(await stage.leaseEnd(undefined, session)).toBeGreaterThan(inSeconds(LEASE_SECONDS / 2));
    await stage.moveLeaseEnd(undefined, session, inSeconds(0));

    expect((await post()).status).toBe(410);
    expect((await poll()).json).toMatchObject({ code: 'gone', status: 410 });
  });
});
