/** Event streams over the local runtime, read by `curl` and by readers of server-sent events. */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { FanfareServer } from 'fanfare-client/server';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { serverAudience } from '../../../lambdas/identity/own-token.ts';
import { Client } from '../../local/client.ts';
import { Queue } from '../../local/queue.ts';
import { sharedRuntime } from '../../shared-runtime.ts';
import type { Mint } from '../../tokens.ts';
import { dataIn, type Received } from './event-reader.ts';
import { FallbackStage, newSession } from './fallback-stage.ts';

let stage: FallbackStage;
let mint: Mint;

beforeAll(async () => {
  const { runtime, mint: mintOwn } = await sharedRuntime();
  mint = mintOwn;
  stage = new FallbackStage(runtime);
});

afterAll(() => stage.destroy());

async function publisher(): Promise<(channel: string, data: unknown) => Promise<unknown>> {
  const client = await Client.open(stage.runtime.urls.websocket, [
    'fanfare.v1',
    await mint('streamers-publisher'),
  ]);
  onTestFinished(() => client.kill());
  return (channel, data) => client.ask({ action: 'publish', channel, data });
}

/** The output of `curl -N`, line by line. */
function curl(url: string, ...options: readonly string[]) {
  const process = spawn('curl', ['-sN', ...options, url], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = new Queue<string>();
  createInterface({ input: process.stdout }).on('line', lines.put);
  onTestFinished(() => void process.kill());
  return {
    stop: () => void process.kill(),
    /** The next event with its id. */
    async event(): Promise<Received> {
      let id: string | undefined;
      for (;;) {
        const line = await lines.next();
        if (line.startsWith('id: ')) id = line.slice('id: '.length);
        if (line.startsWith('data: ')) return { id, frame: JSON.parse(line.slice('data: '.length)) };
      }
    },
  };
}

describe('an event stream', () => {
  it('is read by curl, and resumes exactly from the Last-Event-ID', async () => {
    const channel = 'open:curl';
    const publish = await publisher();
    const url = stage.target('', { channel });
    const first = curl(url);
    expect((await first.event()).frame).toMatchObject({ event: 'subscribed', channel });
    await publish(channel, 1);
    expect(dataIn(await first.event())).toEqual([1]);
    await publish(channel, 2);
    const two = await first.event();
    expect(dataIn(two)).toEqual([2]);
    await publish(channel, 3);
    first.stop();
    for (const data of [4, 5]) await publish(channel, data);

    const second = curl(url, '-H', `Last-Event-ID: ${two.id}`);
    expect((await second.event()).frame).toMatchObject({ event: 'subscribed', recovered: true });
    await publish(channel, 6);
    const got: unknown[] = [];
    while (got.length < 4) got.push(...dataIn(await second.event()));

    expect(got).toEqual([3, 4, 5, 6]);
  });

  it('begins at once, with a comment', async () => {
    const { response } = await stage.stream({ channel: 'open:head' });

    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
  });

  it('of two channels resumes both', async () => {
    const channels = ['open:two-a', 'open:two-b'];
    const publish = await publisher();
    const first = await stage.stream({ channel: channels });
    for (const _ of channels) await first.nextOf('subscribed');
    for (const channel of channels) await publish(channel, 'before');
    await first.nextOf('messages');
    const { id = '' } = await first.nextOf('messages');
    first.leave();
    for (const channel of channels) await publish(channel, `missed in ${channel}`);

    const second = await stage.stream({ channel: channels }, { lastEventId: id });
    const events = [await second.nextOf('messages'), await second.nextOf('messages')];

    expect(events.flatMap(dataIn).toSorted()).toEqual(channels.map((channel) => `missed in ${channel}`));
  });

  it('has messages of a channel without history, and no ids', async () => {
    const channel = 'live:cursors';
    const publish = await publisher();
    const reader = await stage.stream({ channel });
    expect(await reader.next()).toEqual({ id: undefined, frame: { event: 'subscribed', channel } });
    await publish(channel, { x: 1 });

    const event = await reader.nextOf('messages');
    expect([event.id, dataIn(event)]).toEqual([undefined, [{ x: 1 }]]);
  });

  it('brings messages to all connections and messages to its user', async () => {
    const token = await mint('streamer');
    const reader = await stage.stream({ session: newSession() }, { token });
    const publish = await publisher();
    // Only so that the stream is known to be open.
    const sync = await stage.stream({ channel: 'open:sync' });
    await sync.nextOf('subscribed');
    await publish('@all', 'everybody');

    expect(dataIn(await reader.nextOf('messages'))).toEqual(['everybody']);
  });

  it('gets messages of sockets and polls, which get its messages', async () => {
    const channel = 'live:together';
    const [session, other] = [newSession(), newSession()];
    const token = await mint('streamer');
    const socket = await Client.open(stage.runtime.urls.websocket, ['fanfare.v1', token]);
    onTestFinished(() => socket.kill());
    await socket.ask({ action: 'subscribe', channel });
    const reader = await stage.stream({ session, channel }, { token });
    await reader.nextOf('subscribed');
    const poll = (query: Readonly<Record<string, string>>) =>
      stage.ask({ path: 'poll', query: { session: other, ...query }, token });
    await poll({ open: '1' });
    const post = (name: string, body: unknown) =>
      stage.ask({ method: 'POST', query: { session: name }, token, body });
    await post(other, { action: 'subscribe', channel });

    const published = await post(session, { action: 'publish', channel, data: 'from a stream', id: 7 });
    expect(published).toMatchObject({ status: 200, json: { event: 'published', id: 7 } });

    const wanted = { event: 'messages', channel, messages: [{ data: 'from a stream', from: 'streamer' }] };
    expect(await socket.next()).toMatchObject(wanted);
    expect((await reader.nextOf('messages')).frame).toMatchObject(wanted);
    expect((await poll({ wait: '20' })).json.frames).toMatchObject([wanted]);
  });

  it('leaves an empty mailbox', async () => {
    const channel = 'open:mailbox';
    const publish = await publisher();
    const session = newSession();
    const reader = await stage.stream({ session, channel });
    await reader.nextOf('subscribed');
    for (let count = 0; count < 150; count++) await publish(channel, count);
    const got: unknown[] = [];
    while (got.length < 150) got.push(...dataIn(await reader.nextOf('messages')));
    expect(got).toEqual(Array.from({ length: 150 }, (_, index) => index));

    // The stream removes a frame after it has written it. That may happen after the next message is visible.
    while ((await stage.waitingFor(undefined, session)) > 0) await publish('open:elsewhere', 'time passes');
  });

  it('is forgotten at once when its reader leaves, long before its own end', async () => {
    const channel = 'open:leaving';
    const session = newSession();
    const reader = await stage.stream({ session, channel });
    await reader.nextOf('subscribed');
    const token = await mint('operator', undefined, { audience: serverAudience('local') });
    const server = new FanfareServer(stage.runtime.urls.http, { token });
    const count = async () => (await server.call('occupancy', { channel })).connections;
    expect(await count()).toBe(1);

    reader.leave();

    // The function deletes the row when it learns that its reader has left. The end of a lease deletes none, and the stream's own
    // end is 870 seconds away.
    while ((await stage.leaseEnd(undefined, session)) !== undefined) await server.call('channels', {});
    while ((await count()) > 0) await server.call('channels', {});
  });
});
