/** The contract of the user's own rules at all five doors, over the local runtime with the deployed functions. */

import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serverAudience } from '../../lambdas/identity/own-token.ts';
import { EventReader } from '../e2e/fallback/event-reader.ts';
import { FallbackStage, newSession } from '../e2e/fallback/fallback-stage.ts';
import { Client, refusalOf } from '../local/client.ts';
import type { Runtime } from '../runtime.ts';
import { sharedRuntime } from '../shared-runtime.ts';
import type { Mint } from '../tokens.ts';
import {
  type Content,
  type PublishDoor,
  publishRules,
  type Refused,
  type SubscribeDoor,
  subscribeRules,
} from './rules.contract.ts';

const refused = v.object({
  code: v.string(),
  status: v.number(),
  message: v.string(),
  index: v.optional(v.number()),
});
const reply = v.union([v.object({ event: v.picklist(['published', 'subscribed']) }), refused]);

type Reply = v.InferOutput<typeof reply>;

let runtime: Runtime;
let socket: Client;
let stage: FallbackStage;
let reader: EventReader;
let mint: Mint;
let token: string;
let serverToken: string;
const printed: string[] = [];
let stopListening: () => void;

beforeAll(async () => {
  const { onOutput, ...shared } = await sharedRuntime();
  ({ runtime, mint } = shared);
  stopListening = onOutput((_functionName, line) => void printed.push(line));
  serverToken = await mint('billing', undefined, { audience: serverAudience('local') });
  socket = await Client.open(runtime.urls.websocket);
  stage = new FallbackStage(runtime);
  token = await mint('ruled-person');
  reader = await EventReader.open(stage.target('', { session: streamed, channel: 'ruled:open' }), {
    Authorization: `Bearer ${token}`,
  });
  await reader.nextOf('subscribed');
});

afterAll(() => {
  stopListening();
  reader.leave();
  socket.kill();
  stage.destroy();
});

const outcome = (given: unknown): 'published' | Refused => {
  const answer: Reply = v.parse(reply, given);
  return 'code' in answer
    ? { ...answer, ...(answer.index !== undefined && { index: answer.index }) }
    : 'published';
};

const subscription = (given: unknown) => {
  const answer = outcome(given);
  return answer === 'published' ? 'subscribed' : answer;
};

const publishCommand = (channel: string, content: Content) => ({ action: 'publish', channel, ...content });
const subscribeCommands = (channels: readonly string[]) =>
  channels.map((channel) => ({ action: 'subscribe', channel }));

const sockets: PublishDoor & SubscribeDoor = {
  caller: 'client',
  publish: async (channel, content) => outcome(await socket.ask(publishCommand(channel, content))),
  subscribe: async (channels) =>
    v.parse(v.array(v.unknown()), await socket.ask(subscribeCommands(channels))).map(subscription),
};

/** A command over HTTP, of a session that a stream or a poll has opened. */
async function command(session: string, body: unknown): Promise<unknown> {
  const { json } = await stage.ask({ method: 'POST', query: { session }, token, body });
  return json;
}

const streamed = newSession();

/** In a session of its own: without polls, a session that lasted for all tests would end in the middle of a slow one. */
async function commandOfPolls(body: unknown): Promise<unknown> {
  const session = newSession();
  await stage.ask({ path: 'poll', query: { session, open: '1' }, token });
  return command(session, body);
}

const streams: PublishDoor & SubscribeDoor = {
  caller: 'client',
  publish: async (channel, content) => outcome(await command(streamed, publishCommand(channel, content))),
  async subscribe(channels) {
    const reader = await stage.stream({ session: newSession(), channel: channels }, { token });
    const answers: unknown[] = [];
    for (const _channel of channels) {
      const heard = await reader.next();
      answers.push(heard === 'the end' ? heard : heard.frame);
    }
    reader.leave();
    return answers.map(subscription);
  },
};

const polls: PublishDoor & SubscribeDoor = {
  caller: 'client',
  publish: async (channel, content) => outcome(await commandOfPolls(publishCommand(channel, content))),
  subscribe: async (channels) =>
    v.parse(v.array(v.unknown()), await commandOfPolls(subscribeCommands(channels))).map(subscription),
};

const result = v.object({ results: v.tuple([v.object({ error: v.optional(refused) })]) });

const api: PublishDoor = {
  caller: 'server',
  async publish(channel, content) {
    const response = await fetch(`${runtime.urls.http}/messages`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${serverToken}` },
      body: JSON.stringify({ channels: [channel], ...content }),
    });
    const { error } = v.parse(result, await response.json()).results[0];
    return error ? outcome(error) : 'published';
  },
};

const logLine = v.object({
  message: v.literal('An event was not published'),
  channel: v.string(),
  code: v.string(),
});

/** An event has no answer: the log has the code. */
const events: PublishDoor = {
  caller: 'event',
  async publish(channel, content) {
    const marked = printed.length;
    const Detail = JSON.stringify({ stage: 'local', channels: [channel], ...content });
    await fetch(runtime.urls.eventBridge, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': 'AWSEvents.PutEvents' },
      body: JSON.stringify({ Entries: [{ Source: randomUUID(), DetailType: 'fanfare.publish', Detail }] }),
    });
    await runtime.idle();
    for (const line of printed.slice(marked)) {
      const { success, output } = v.safeParse(v.pipe(v.string(), v.parseJson(), logLine), line);
      if (success && output.channel === channel) return { code: output.code };
    }
    return 'published';
  },
};

const websocketUrl = () => runtime.urls.websocket;

publishRules('a socket', () => sockets, websocketUrl);
publishRules('the commands of a stream', () => streams, websocketUrl);
publishRules('the commands of polls', () => polls, websocketUrl);
publishRules('the HTTP API', () => api, websocketUrl);
publishRules('an event', () => events, websocketUrl);

subscribeRules('a socket', () => sockets);
subscribeRules('a stream', () => streams);
subscribeRules('polls', () => polls);

describe('the rule for connections', () => {
  const poll = (bearer: string) =>
    stage.ask({ path: 'poll', query: { session: newSession(), open: '1' }, token: bearer });

  it.each([
    [
      'refuses',
      'closed-account',
      { socket: 403, http: { code: 'forbidden', status: 403, message: 'This account is closed.' } },
    ],
    [
      'fails',
      'broken-account',
      {
        socket: 500,
        http: { code: 'internal', status: 500, message: expect.stringMatching(/request \S+\.$/) },
      },
    ],
  ])('that %s lets no connection in, by a socket or over HTTP', async (_how, user, expected) => {
    const refusedToken = await mint(user);

    expect(await refusalOf(runtime.urls.websocket, ['fanfare.v1', refusedToken])).toBe(expected.socket);
    expect((await poll(refusedToken)).json).toEqual(expected.http);
  });

  it('names the user of a connection', async () => {
    const client = await Client.open(runtime.urls.websocket, ['fanfare.v1', await mint('old-name')]);
    const channel = `chat:${randomUUID()}`;
    await client.ask({ action: 'publish', channel, data: 1 });

    expect(await client.ask({ action: 'history', channel })).toMatchObject({
      messages: [{ from: 'new-name' }],
    });
    client.kill();
  });
});
