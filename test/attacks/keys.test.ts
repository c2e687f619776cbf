/** Attacks on retry keys, over real sockets and HTTP: using another's key, and having messages sent again and again. */

import { randomBytes } from 'node:crypto';
import { FanfareServer } from 'fanfare-client/server';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { serverAudience } from '../../lambdas/identity/own-token.ts';
import { FallbackStage, newSession } from '../e2e/fallback/fallback-stage.ts';
import { Conversation } from '../e2e/security/conversation.ts';
import { knock } from '../e2e/security/knock.ts';
import { Client } from '../local/client.ts';
import { tries } from '../running/counts.ts';
import type { Runtime } from '../runtime.ts';
import { sharedRuntime } from '../shared-runtime.ts';
import type { Mint } from '../tokens.ts';

let runtime: Runtime;
let stage: FallbackStage;
let mint: Mint;
let server: FanfareServer;
let stopListening = () => {};
const output: string[] = [];

beforeAll(async () => {
  const shared = await sharedRuntime();
  ({ runtime, mint } = shared);
  stage = new FallbackStage(runtime);
  stopListening = shared.onOutput((_functionName, line) => output.push(line));
  const token = await mint('billing', undefined, { audience: serverAudience('local') });
  server = new FanfareServer(runtime.urls.http, { token });
});

afterAll(() => {
  stopListening();
  stage.destroy();
});

let channels = 0;
const newChannel = (namespace = 'open') => {
  channels += 1;
  return `${namespace}:keys-${channels}`;
};

const newClient = () => `fanfare.client.${randomBytes(16).toString('base64url')}`;

/** A connection that offers these behind the version. */
async function open(...offered: readonly string[]): Promise<Conversation> {
  const client = await Client.open(runtime.urls.websocket, ['fanfare.v1', ...offered]);
  onTestFinished(() => client.kill());
  return new Conversation(client);
}

async function subscriberOf(channel: string, ...offered: readonly string[]): Promise<Conversation> {
  const subscriber = await open(...offered);
  expect(await subscriber.ask({ action: 'subscribe', channel })).toMatchObject({ event: 'subscribed' });
  return subscriber;
}

/** The frames that the subscriber got, after all started workers have ended. */
async function dataSentTo(subscriber: Conversation, channel: string): Promise<readonly unknown[]> {
  await runtime.idle();
  await server.call('publish', { channels: [channel], data: 'the end' });
  const sent: unknown[] = [];
  for (;;) {
    const { data } = await subscriber.nextMessage();
    if (data === 'the end') return sent;
    sent.push(data);
  }
}

const publishing = (channel: string, key: string, data: string) => ({
  action: 'publish',
  channel,
  key,
  data,
});

/** The number in a reply to a publish. */
function seqIn(reply: object): number {
  if ('seq' in reply && typeof reply.seq === 'number') return reply.seq;
  throw new Error(`This names no number: ${JSON.stringify(reply)}`);
}

async function publishAsServer(channel: string, key: string, data: string): Promise<number> {
  const { results } = await server.call('publish', { channels: [channel], key, data });
  const [result = {}] = results;
  return seqIn(result);
}

/** How often each value occurs. */
function counted(values: readonly unknown[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[String(value)] = (counts[String(value)] ?? 0) + 1;
  return counts;
}

describe('a key belongs to its sender', () => {
  it('an anonymous client that guesses the key of a server does not keep its message from landing', async () => {
    const channel = newChannel();
    const subscriber = await subscriberOf(channel);
    const forged = seqIn(await (await open()).ask(publishing(channel, 'order-17', 'forged')));

    const real = await publishAsServer(channel, 'order-17', 'real');

    expect(real).toBeGreaterThan(forged);
    expect(await dataSentTo(subscriber, channel)).toEqual(['forged', 'real']);
  });

  it('a user does not keep it from landing either', async () => {
    const channel = newChannel('chat');
    const subscriber = await subscriberOf(channel, await mint('keyholder'));
    await (await open(await mint('key-thief'))).ask(publishing(channel, 'order-17', 'forged'));

    await publishAsServer(channel, 'order-17', 'real');

    expect(await dataSentTo(subscriber, channel)).toEqual(['forged', 'real']);
  });

  it.each([
    ['a server', 'billing'],
    ['another user', 'key-thief'],
  ])('a user whose name is that of %s does not share its keys', async (_who, name) => {
    const channel = newChannel('chat');
    const ann = await open(await mint('keyholder'));
    const first = seqIn(await ann.ask(publishing(channel, 'k', 'of ann')));
    const ofServer = await publishAsServer(channel, 'k', 'of a server');
    const other = await open(await mint(name));

    expect(seqIn(await other.ask(publishing(channel, 'k', 'of another')))).toBeGreaterThan(ofServer);
    expect(seqIn(await ann.ask(publishing(channel, 'k', 'of ann')))).toBe(first);
    expect(await publishAsServer(channel, 'k', 'of a server')).toBe(ofServer);
  });

  it('a repetition of another sender’s key sends none of that sender’s messages', async () => {
    const channel = newChannel();
    const subscriber = await subscriberOf(channel);
    await publishAsServer(channel, 'order-17', 'real');
    const attacker = await open();

    await attacker.askAll(Array.from({ length: 50 }, () => publishing(channel, 'order-17', 'noise')));

    expect(counted(await dataSentTo(subscriber, channel))).toMatchObject({ real: 1 });
  });

  it('a user who may only publish cannot find out whether a key was used', async () => {
    const channel = newChannel('chat');
    const ann = await open(await mint('keyholder'));
    const known = seqIn(await ann.ask(publishing(channel, 'known', 'of ann')));
    const mallory = await open(await mint('key-thief', { 'chat:*': ['publish'] }));

    const ofKnown = seqIn(await mallory.ask(publishing(channel, 'known', 'a guess')));
    const ofUnknown = seqIn(await mallory.ask(publishing(channel, 'unknown', 'a guess')));

    expect([ofKnown, ofUnknown]).toEqual([known + 1, known + 2]);
  });

  it('a publish event and a server do not share keys', async () => {
    const channel = newChannel('public');
    const subscriber = await subscriberOf(channel);
    await publishAsServer(channel, 'order-17', 'of the API');
    const detail = { stage: 'local', channels: [channel], data: 'of the event', key: 'order-17' };
    const Detail = JSON.stringify(detail);

    await fetch(runtime.urls.eventBridge, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': 'AWSEvents.PutEvents' },
      body: JSON.stringify({ Entries: [{ Source: 'shop', DetailType: 'fanfare.publish', Detail }] }),
    });

    expect(await dataSentTo(subscriber, channel)).toEqual(['of the API', 'of the event']);
  });
});

describe('a message is sent again once at most, even if its key is repeated often', () => {
  const repetitions = Array.from({ length: tries({ short: 12, long: 50 }) });

  it.each<[string, (publisher: Conversation, command: object) => Promise<readonly object[]>]>([
    ['in one frame', (publisher, command) => publisher.askAll(repetitions.map(() => command))],
    [
      'in frames one after the other',
      async (publisher, command) => {
        const replies: object[] = [];
        for (const _ of repetitions) replies.push(await publisher.ask(command));
        return replies;
      },
    ],
    ['in frames at once', (publisher, command) => Promise.all(repetitions.map(() => publisher.ask(command)))],
  ])('%s', async (_how, repeat) => {
    const channel = newChannel();
    const subscriber = await subscriberOf(channel);
    const publisher = await open();
    const command = publishing(channel, 'k', 'once');
    const first = seqIn(await publisher.ask(command));

    const replies = await repeat(publisher, command);

    expect(new Set(replies.map(seqIn))).toEqual(new Set([first]));
    expect(await dataSentTo(subscriber, channel)).toEqual(['once', 'once']);
  });

  it('in any mix of the keys of its batch', async () => {
    const channel = newChannel();
    const subscriber = await subscriberOf(channel);
    const publisher = await open();
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((data) => ({ data, key: data }));
    const batches = [[a, b, c], [b, c], [c], [a, d, b], [a, b, c, d], [d], [c, c, a]];

    for (const messages of batches) await publisher.ask({ action: 'publish', channel, messages });

    const counts = counted(await dataSentTo(subscriber, channel));
    expect(Object.keys(counts).toSorted()).toEqual(['a', 'b', 'c', 'd']);
    expect(Object.values(counts)).toEqual([2, 2, 2, 2]);
  });
});

describe('an anonymous client keeps its keys by the name that it made up', () => {
  const nameIn = (offered: string) => offered.slice('fanfare.client.'.length);

  it('across sockets and transports, so that what it repeats lands once', async () => {
    const channel = newChannel();
    const offered = newClient();
    const command = publishing(channel, 'k', 'once');
    const first = seqIn(await (await open(offered)).ask(command));
    const url = `${runtime.urls.websocket}?client=${nameIn(offered)}`;
    const byQuery = await Client.open(url);
    onTestFinished(() => byQuery.kill());
    const query = { session: newSession(), client: nameIn(offered) };
    await stage.ask({ path: 'poll', query: { ...query, open: '1' } });

    expect(seqIn(await (await open(offered)).ask(command))).toBe(first);
    expect(seqIn(await new Conversation(byQuery).ask(command))).toBe(first);
    const { json } = await stage.ask({ method: 'POST', query, body: command });
    expect(seqIn(json)).toBe(first);
  });

  it('and by its session over HTTP if it has no name', async () => {
    const channel = newChannel();
    const command = publishing(channel, 'k', 'once');
    const [one, other] = [{ session: newSession() }, { session: newSession() }];
    const post = async (query: { readonly session: string }) =>
      seqIn((await stage.ask({ method: 'POST', query, body: command })).json);
    for (const query of [one, other]) await stage.ask({ path: 'poll', query: { ...query, open: '1' } });
    const first = await post(one);
    await stage.ask({ path: 'poll', query: { ...one, open: '1' } });

    expect(await post(one)).toBe(first);
    expect(await post(other)).toBeGreaterThan(first);
  });

  it('which differs for each client, so that equal keys of two clients are two messages', async () => {
    const channel = newChannel();
    const subscriber = await subscriberOf(channel);
    const clients = [await open(newClient()), await open(newClient()), await open(), await open()];

    for (const [index, client] of clients.entries()) await client.ask(publishing(channel, 'k', `${index}`));

    expect(await dataSentTo(subscriber, channel)).toEqual(['0', '1', '2', '3']);
  });

  it('which a user cannot use, because keys of a user always belong to the user', async () => {
    const channel = newChannel('chat');
    const command = publishing(channel, 'k', 'once');
    const [one, other] = [newClient(), newClient()];
    const first = seqIn(await (await open(await mint('keyholder'), one)).ask(command));

    expect(seqIn(await (await open(await mint('keyholder'), other)).ask(command))).toBe(first);
    expect(seqIn(await (await open(await mint('key-neighbour'), one)).ask(command))).toBeGreaterThan(first);
  });

  it.each([
    ['too short', '', ['fanfare.client.short']],
    ['of other characters', '', [`fanfare.client.${'a.b'.repeat(8)}`]],
    ['two', '', [newClient(), newClient()]],
    ['another in the query', `?client=${'q'.repeat(20)}`, [newClient()]],
    ['two in the query', `?client=${'q'.repeat(20)}&client=${'r'.repeat(20)}`, []],
    ['empty in the query', '?client=', []],
  ])('which is refused when it is %s', async (_what, query, offered) => {
    const url = `${runtime.urls.websocket}${query}`;

    expect(await knock(url, ['fanfare.v1', ...offered])).toBe(401);
  });

  it.each([
    ['too short', ['short']],
    ['two', ['q'.repeat(20), 'r'.repeat(20)]],
  ])('which is refused over HTTP when it is %s', async (_what, client) => {
    const { status, json } = await stage.ask({
      path: 'poll',
      query: { session: newSession(), open: '1', client },
    });

    expect([status, json.code]).toEqual([401, 'unauthenticated']);
  });

  it('which no table and no log contains', async () => {
    const offered = newClient();
    const client = await open(offered);
    await client.ask(publishing(newChannel(), 'k', 'once'));
    await knock(runtime.urls.websocket, ['fanfare.v1', offered, newClient()]);
    await runtime.idle();

    expect(output.some((line) => line.includes('several clients'))).toBe(true);
    expect(output.filter((line) => line.includes(nameIn(offered)))).toEqual([]);
  });
});
