/** Attacks on sessions over HTTP, with the runtime as it is started and real requests. */

import { request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { FanfareServer } from 'fanfare-client/server';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Grants } from '../../lambdas/identity/grants.ts';
import { serverAudience } from '../../lambdas/identity/own-token.ts';
import { FallbackStage, newSession } from '../e2e/fallback/fallback-stage.ts';
import { startImpatientRuntime } from '../e2e/fallback/impatient-stage.ts';
import { type Mint, mintFor } from '../tokens.ts';

const SKEW_SECONDS = 1;
/**
 * Leases are renewed two or three times before the first token ends, a second before the lease that began with it. A slow machine does not
 * renew a short lease in time: a longer one follows, which takes as long.
 */
const LEASES_SECONDS = [10, 40, 160] as const;

/** Each open stream is a process of its own on this machine. */
const SESSIONS_PER_ADDRESS = 5;

/** In which a message that the session may not have closes it. Milliseconds. */
const AFTERWARDS_MS = 60_000;

/** Between two messages to both channels. */
const PACE_MS = 50;

let stage: FallbackStage;
let mint: Mint;
let server: FanfareServer;

async function begin(leaseSeconds: number): Promise<void> {
  const shortened = {
    clockSkewSeconds: SKEW_SECONDS,
    leaseSeconds,
    sessionsPerAddress: SESSIONS_PER_ADDRESS,
  };
  stage = new FallbackStage(await startImpatientRuntime(shortened));
  mint = await mintFor(stage.runtime);
  const token = await mint('operator', undefined, { audience: serverAudience('local') });
  server = new FanfareServer(stage.runtime.urls.http, { token });
}

async function end(): Promise<void> {
  stage.destroy();
  await stage.runtime.close();
}

beforeAll(() => begin(LEASES_SECONDS[0]));

afterAll(end);

const post = (session: string, token: string, body: unknown) =>
  stage.ask({ method: 'POST', query: { session }, token, body });

const pollOf = (session: string, token: string, query: Readonly<Record<string, string>> = {}) =>
  stage.ask({ path: 'poll', query: { session, ...query }, token });

const messagesFrame = v.object({
  event: v.literal('messages'),
  channel: v.string(),
  messages: v.array(v.object({ data: v.number() })),
});

const subscribed = v.array(v.object({ event: v.literal('subscribed') }));

describe('a session whose first token has ended', () => {
  const [LOST, KEPT] = ['chat:lost', 'chat:kept'] as const;
  const both: Grants = { [LOST]: ['subscribe'], [KEPT]: ['subscribe'] };

  type Heard = (frame: unknown) => void;

  async function poll(session: string, token: string, heard: Heard): Promise<void> {
    for (let ack = ''; ; ) {
      const { status, json } = await pollOf(session, token, { wait: '1', ack });
      if (status !== 200) return;
      ack = json.ack;
      json.frames.forEach(heard);
    }
  }

  /** Opens the session. The answer contains all frames until it ends. */
  type Open = (session: string, token: string) => Promise<(heard: Heard) => Promise<void>>;

  const ways: readonly (readonly [string, Open])[] = [
    [
      'polled',
      async (session, token) => {
        await pollOf(session, token, { open: '1' });
        return (heard) => poll(session, token, heard);
      },
    ],
    [
      'streamed',
      async (session, token) => {
        const reader = await stage.stream({ session }, { token });
        return async (heard) => {
          for (const { frame } of await reader.rest()) heard(frame);
        };
      },
    ],
  ];

  interface Demoted {
    readonly session: string;
    readonly second: string;
    /** From then on the first token has no rights. Milliseconds since 1970. */
    readonly firstEnd: number;
    /** When the published messages that it got were sent, by channel. Milliseconds since 1970. */
    readonly sent: Readonly<Record<string, readonly number[]>>;
    readonly isClosed: boolean;
  }

  /** A session in both channels until it is closed; `undefined` if its lease was over before its first token, or that one before a publish. */
  async function demoted(how: string, open: Open, leaseSeconds: number): Promise<Demoted | undefined> {
    const session = newSession();
    const second = await mint(`demoted-${how}`, { [KEPT]: ['subscribe'] });
    const listen = await open(session, second);
    const expiresAt = Math.floor(Date.now() / 1000) + leaseSeconds - 1;
    const first = await mint(`demoted-${how}`, both, { expiresAt });
    const commands = [LOST, KEPT].map((channel) => ({ action: 'subscribe', channel }));
    const { json } = await post(session, first, commands);
    const firstEnd = (expiresAt + SKEW_SECONDS) * 1000;
    const sent: Record<string, number[]> = { [LOST]: [], [KEPT]: [] };
    let isOver = !v.is(subscribed, json);
    let overAt = isOver ? 0 : Number.POSITIVE_INFINITY;
    let publishedAt = Number.POSITIVE_INFINITY;
    const over = listen((frame) => {
      const { success, output } = v.safeParse(messagesFrame, frame);
      if (success) sent[output.channel]?.push(...output.messages.map(({ data }) => data));
    }).then(() => {
      isOver = true;
      overAt = Math.min(overAt, Date.now());
    });

    while (!isOver && Date.now() < firstEnd + AFTERWARDS_MS) {
      await server.call('publish', { channels: [LOST, KEPT], data: Date.now() });
      publishedAt = Math.min(publishedAt, Date.now());
      await setTimeout(PACE_MS);
    }
    const isClosed = isOver;
    const isTooSlow = overAt < firstEnd || publishedAt >= firstEnd;
    await stage.ask({ method: 'DELETE', query: { session }, token: second });
    await over;
    return isTooSlow ? undefined : { session, second, firstEnd, sent, isClosed };
  }

  async function demotedInTime(how: string, open: Open): Promise<Demoted> {
    for (const leaseSeconds of LEASES_SECONDS) {
      if (leaseSeconds > LEASES_SECONDS[0]) {
        await end();
        await begin(leaseSeconds);
      }
      const found = await demoted(how, open, leaseSeconds);
      if (found) return found;
    }
    throw new Error('Each session was over before its first token has ended.');
  }

  it.each(ways)(
    'and that is %s with a narrower token gets no more messages of the lost channel',
    async (how, open) => {
      const { session, second, firstEnd, sent, isClosed } = await demotedInTime(how, open);

      expect(sent[LOST]?.length).toBeGreaterThan(0);
      expect(sent[LOST]?.filter((at) => at >= firstEnd)).toEqual([]);
      expect(sent[KEPT]?.length).toBeGreaterThan(0);
      // It is closed at the first message that it may not have, so that its client learns of it and comes again.
      expect(isClosed).toBe(true);
      const again = await stage.stream({ session, channel: KEPT }, { token: second });
      await again.nextOf('subscribed');
      await expect(stage.stream({ session, channel: LOST }, { token: second })).rejects.toThrow('403');
    },
  );
});

describe('an anonymous visitor', () => {
  it(`has ${SESSIONS_PER_ADDRESS} streams and polls at an address, and room for another only when one is closed`, async () => {
    const sessions = Array.from({ length: SESSIONS_PER_ADDRESS }, newSession);
    for (const session of sessions) {
      const reader = await stage.stream({ session, channel: 'open:crowd' });
      await reader.nextOf('subscribed');
    }
    const open = { path: 'poll', query: { session: newSession(), open: '1' } };

    await expect(stage.stream({ session: newSession(), channel: 'open:crowd' })).rejects.toThrow('429');
    expect((await stage.ask(open)).json).toMatchObject({ code: 'rate-limited', status: 429 });
    // The same session again is the same one.
    const again = await stage.stream({ session: sessions[0] ?? '', channel: 'open:crowd' });
    await again.nextOf('subscribed');

    expect((await stage.ask({ ...open, token: await mint('signed-in') })).status).toBe(200);
    await stage.ask({ method: 'DELETE', query: { session: sessions[1] ?? '' } });
    expect((await stage.ask(open)).status).toBe(200);
    for (const session of sessions) await stage.ask({ method: 'DELETE', query: { session } });
    await stage.ask({ method: 'DELETE', query: { session: open.query.session } });
  });
});

/** `fetch` sets these headers by itself, and its caller cannot. */
function ask(path: string, headers: Readonly<Record<string, string>>, method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    const url = stage.target(path, { session: newSession(), open: '1' });
    const asked = request(url, { method, headers }, (response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    onTestFinished(() => void asked.destroy());
    asked.once('error', reject);
    asked.end();
  });
}

describe('a request that a browser makes for a page', () => {
  const OWN = 'http://localhost:5173';

  it.each([
    ['an image of another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    ['a script of a site of the same domain', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' }],
    ['a link on another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
    ['a page that is not named', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['a sandbox of another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example:1' }],
  ])('is refused before anything is opened: %s', async (_what, headers) => {
    for (const path of ['', 'poll']) expect([path, await ask(path, headers)]).toEqual([path, 403]);
  });

  it.each([
    ['a program', {}],
    ['a person who types the address', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }],
    ['a page of the same origin', { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }],
    ['a page that is named', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors', origin: OWN }],
  ])('is answered as before: %s', async (_what, headers) => {
    expect(await ask('poll', headers)).toBe(200);
  });
});
