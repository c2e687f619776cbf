/** Tokens that end while messages flow: no message comes after the end, and a client that renews or comes back misses none. */

import type { Options } from 'fanfare-client';
import { SUBPROTOCOL } from 'fanfare-protocol/subprotocol';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../packages/client/src/lib/platform/clock.ts';
import type { Runtime } from '../../runtime.ts';
import { SHARED_SKEW_SECONDS } from '../../shared-assembly.ts';
import { sharedRuntime } from '../../shared-runtime.ts';
import type { Mint } from '../../tokens.ts';
import { Conversation } from './conversation.ts';
import { Following, upTo } from './following.ts';
import { knock } from './knock.ts';
import { Stream } from './stream.ts';

const TOKEN_SECONDS = 3;

const HOUR_MS = 60 * 60 * 1000;

/** One of every action. */
const commandsOn = (channel: string) => [
  { action: 'subscribe', channel },
  { action: 'unsubscribe', channel },
  { action: 'publish', channel, data: 'late' },
  { action: 'history', channel },
  { action: 'members', channel },
  { action: 'ping' },
];

describe('a token that ends', () => {
  let runtime: Runtime;
  let mint: Mint;

  beforeAll(async () => {
    ({ runtime, mint } = await sharedRuntime());
  });

  function soonOver(seconds = TOKEN_SECONDS): number {
    return Math.floor(Date.now() / 1000) + seconds;
  }

  /** A connection with a token that ends then, or long after the test. Seconds since 1970. */
  async function converse(user: string, expiresAt?: number): Promise<Conversation> {
    const token = await mint(user, undefined, expiresAt === undefined ? {} : { expiresAt });
    const conversation = await Conversation.open(runtime.urls.websocket, token);
    onTestFinished(() => conversation.client.kill());
    return conversation;
  }

  /** On a slow machine a token ends before it has let its client in: the next one lives twice as long. */
  async function follow(channel: string, user: string, options: Options = {}): Promise<Following> {
    let seconds = TOKEN_SECONDS;
    let isIn = true;
    const token = () => {
      if (!isIn) seconds *= 2;
      isIn = false;
      return mint(user, undefined, { expiresAt: soonOver(seconds) });
    };
    const following = new Following(runtime.urls.websocket, channel, { token, ...options });
    const enter = () => {
      isIn = true;
    };
    following.connection.on('rotated', enter);
    following.connection.on('state', (state) => state === 'connected' && enter());
    onTestFinished(() => following.connection.close());
    await following.ready;
    return following;
  }

  async function stream(channel: string): Promise<Stream> {
    const started = new Stream(await converse('expiry-publisher'), channel);
    onTestFinished(() => started.stop());
    return started;
  }

  /** Connections that are ready before their token ends. On a slow machine a short token ends before that: a longer one follows. */
  async function conversationsThatEnd(channel: string, seconds = TOKEN_SECONDS) {
    const expiresAt = soonOver(seconds);
    try {
      const [ending, silent] = [await converse('ending', expiresAt), await converse('silent', expiresAt)];
      expect(await ending.ask({ action: 'subscribe', channel })).toMatchObject({ event: 'subscribed' });
      expect(await silent.ask({ action: 'history', channel })).toMatchObject({ event: 'history' });
      return { ending, silent, expiresAt };
    } catch (error) {
      if (Date.now() < expiresAt * 1000) throw error;
      return conversationsThatEnd(channel, 2 * seconds);
    }
  }

  it('ends delivery, connection and all rights, and until then no message is missing', async () => {
    const channel = 'chat:ending';
    const lasting = await converse('outlasting');
    await lasting.ask({ action: 'subscribe', channel });
    const { ending, silent, expiresAt } = await conversationsThatEnd(channel);
    // From then on the token has no rights. The functions run on this machine, and use its clock.
    const end = (expiresAt + SHARED_SKEW_SECONDS) * 1000;

    const published = await stream(channel);
    const closing = await ending.client.closed;
    // The server's own clock says that the end is over.
    while ((await lasting.nextMessage()).time < end);
    const replies = await silent.askAll(commandsOn(channel));
    await published.stop();

    const delivered = ending.messages.map(({ data }) => data);
    expect(delivered).toEqual(upTo(delivered.length));
    // A message has its time before its posts, and is acknowledged after them: no message that was posted after the end, and each one before.
    for (const { time } of ending.messages) expect(time).toBeLessThan(end);
    for (const at of published.acknowledgedAt.slice(delivered.length)) expect(at).toBeGreaterThanOrEqual(end);
    expect(closing.code).toBe(1000);
    expect(replies).toHaveLength(commandsOn(channel).length);
    for (const reply of replies) expect(reply).toMatchObject({ code: 'token-expired', status: 401 });
    expect(lasting.messages.map(({ data }) => data)).not.toContain('late');

    const token = await mint('ending', undefined, { expiresAt });
    expect(await knock(runtime.urls.websocket, [SUBPROTOCOL, token])).toBe(401);
  });

  it('is renewed by a client with a token function, before or after its end, without loss or repetition', async () => {
    const channel = 'chat:renewed';
    const timely = await follow(channel, 'timely');
    // Its clock makes every token look old, so it does not know when to renew, and learns it when it is cut off.
    const clock = { ...systemClock, date: () => Date.now() + HOUR_MS };
    const late = await follow(channel, 'late', { clock });
    const renewals = Promise.all([timely.happens('rotated', 3), late.happens('reconnecting', 2)]);

    const published = await stream(channel);
    await renewals;
    await published.stop();
    await Promise.all([timely.has(published.published), late.has(published.published)]);

    for (const { got, lost } of [timely, late]) {
      expect(got).toEqual(upTo(published.published));
      expect(lost).toEqual([]);
    }
  });

  it('is renewed by a client that publishes, whose messages all land once and in order', async () => {
    const channel = 'chat:published';
    const lasting = await converse('outlasting');
    await lasting.ask({ action: 'subscribe', channel });
    const clock = { ...systemClock, date: () => Date.now() + HOUR_MS };
    // It gets no message of this channel, so it learns only from a refused command that its token has ended.
    const { connection } = await follow('chat:elsewhere', 'late', { clock });
    let isRenewed = false;
    connection.on('rotated', () => (isRenewed = true));

    let count = 0;
    for (; !isRenewed; count += 1) await connection.channel(channel).publish(count);

    const got: unknown[] = [];
    while (got.length < count) got.push((await lasting.nextMessage()).data);
    expect(got).toEqual(upTo(count));
  });
});
