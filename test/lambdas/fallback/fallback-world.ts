/** The fallback function on ports in memory, in virtual time: pauses move the clock, and planned steps run meanwhile. */

import { Writable } from 'node:stream';
import { permissions } from 'fanfare-protocol/grants';
import { SESSIONS_PER_ADDRESS } from 'fanfare-protocol/limits';
import * as v from 'valibot';
import { actionContext } from '../../../lambdas/actions/action.ts';
import { outboundOver } from '../../../lambdas/aws/outbound.ts';
import type { UrlEvent } from '../../../lambdas/events/url-event.ts';
import type { FallbackContext } from '../../../lambdas/fallback/context.ts';
import type { WholeAnswer } from '../../../lambdas/fallback/http-answer.ts';
import { Openings } from '../../../lambdas/fallback/openings.ts';
import { Places } from '../../../lambdas/fallback/places.ts';
import { respond } from '../../../lambdas/fallback/respond.ts';
import { NotAdmitted } from '../../../lambdas/identity/not-admitted.ts';
import { InvalidToken } from '../../../lambdas/identity/token-verifier.ts';
import { unmetered } from '../../../lambdas/realtime/access/meter.ts';
import { publishLogged } from '../../../lambdas/realtime/log/publish.ts';
import { memoryPorts, NOW } from '../../memory/memory-ports.ts';
import { policies } from './policies.ts';

/** The site whose pages may connect. */
export const SITE = 'https://app.example.com';

/** As long as the clock allows. */
export const CLOCK_SKEW_SECONDS = 5;

/** How long a function runs. Milliseconds. */
const FUNCTION_MS = 15 * 60 * 1000;

const SENT = v.looseObject({ event: v.string() });

export interface Sent {
  readonly id?: string;
  readonly frame: v.InferOutput<typeof SENT>;
}

export interface Ask {
  readonly method?: string;
  readonly path?: string;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly sourceIp?: string;
}

export type FallbackWorld = ReturnType<typeof fallbackWorld>;

/**
 * @param streamMs how long a stream lasts.
 * @param places how many streams and polls may wait at once; 0 without a limit.
 */
export function fallbackWorld(streamMs = 10_000, places = 0) {
  const memory = memoryPorts();
  let time = NOW;
  let planned: { readonly at: number; readonly act: () => unknown }[] = [];
  const now = () => time;

  async function pause(ms: number): Promise<void> {
    const until = time + ms;
    for (;;) {
      const [next] = planned.filter(({ at }) => at <= until).toSorted((one, other) => one.at - other.at);
      if (!next) break;
      planned = planned.filter((plan) => plan !== next);
      time = Math.max(time, next.at);
      await next.act();
    }
    // A step that ran meanwhile may have moved the clock further.
    time = Math.max(time, until);
  }

  const { httpSessions: sessions, mailboxes } = memory;
  const outbound = outboundOver({ gateway: memory.outbound, mailboxes, sessions });
  const ports = { ...memory, sessions, outbound, now, pause };
  const refused: string[] = [];
  const context: FallbackContext = {
    ...actionContext(policies, ports),
    ports,
    admissions: {
      clockSkewSeconds: CLOCK_SKEW_SECONDS,
      policy: {
        origins: [SITE],
        admitsAnonymous: true,
        originKey: undefined,
        verify: async (token) => identityIn(token, now()),
      },
    },
    openings: new Openings(memory.openings, now),
    places: new Places(memory.places, places, now),
    sessionsPerAddress: SESSIONS_PER_ADDRESS,
    streamMs,
    onRefused: ({ kind, reason }) => refused.push(`${kind}: ${reason}`),
  };

  async function answer(ask: Ask): Promise<Awaited<ReturnType<typeof respond>>> {
    return respond(eventOf(ask, now()), () => FUNCTION_MS, context);
  }

  return {
    ports,
    context,
    now,
    refused,
    answer,

    /** Has something done when that time comes. Milliseconds from the beginning. */
    at(ms: number, act: () => unknown): void {
      planned.push({ at: NOW + ms, act });
    },

    async whole(ask: Ask): Promise<WholeAnswer & { readonly json: unknown }> {
      const got = await answer(ask);
      if ('run' in got) throw new Error('This is a stream');
      return { ...got, json: got.body === '' ? undefined : JSON.parse(got.body) };
    },

    /** The whole text of a stream. */
    async stream(ask: Ask, out = new Collected()): Promise<readonly Sent[]> {
      const got = await answer(ask);
      if (!('run' in got)) throw new Error(`There is no stream: ${got.body}`);
      await got.run(out);
      return sentIn(out.text);
    },

    /** As a server would. Returns the number of the last message. */
    async publish(channel: string, ...data: readonly unknown[]): Promise<number> {
      const seqs = await publishLogged(
        { ports, channel, retention: { retentionMs: 3_600_000 } },
        { kind: 'server', id: 'billing' },
        data.map((each) => ({ data: each })),
        unmetered,
      );
      return Number(seqs.at(-1));
    },
  };
}

/** A reader that takes everything. */
export class Collected extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString('utf8');
    done();
  }
}

export function sentIn(text: string): readonly Sent[] {
  const blocks = text.split('\n\n').filter((block) => block.includes('data: '));
  return blocks.map((block) => {
    const [, id] = /^id: (.*)$/m.exec(block) ?? [];
    const [, data = ''] = /^data: (.*)$/m.exec(block) ?? [];
    return { ...(id !== undefined && { id }), frame: v.parse(SENT, JSON.parse(data)) };
  });
}

/**
 * Tokens of this world: `ann`, or `ann until 1795348810` in seconds since 1970, or that and ` for chat:a chat:b`, the channels that
 * it names for everything.
 */
function identityIn(token: string, now: number) {
  const [who = '', named] = token.split(' for ');
  const [user = '', , until = String(NOW / 1000 + 3_600)] = who.split(' ');
  if (user === 'forged') throw new InvalidToken('signature');
  if (user === 'closed') throw new NotAdmitted('rejected', 'This account is closed.');
  if (now >= (Number(until) + CLOCK_SKEW_SECONDS) * 1000) throw new InvalidToken('expired');
  const identity = { user, issuedAt: NOW / 1000, expiresAt: Number(until) };
  if (named === undefined) return identity;
  const channels = named.split(' ').filter(Boolean);
  return { ...identity, grants: Object.fromEntries(channels.map((channel) => [channel, [...permissions]])) };
}

function eventOf(ask: Ask, now: number): UrlEvent {
  const { method = 'GET', path = '/', query = {}, headers = {}, body, sourceIp = '192.0.2.1' } = ask;
  const parameters = new URLSearchParams();
  for (const [name, values] of Object.entries(query))
    for (const value of [values].flat()) parameters.append(name, value);
  return {
    rawPath: path,
    rawQueryString: parameters.toString(),
    headers,
    isBase64Encoded: false,
    ...(body !== undefined && { body }),
    requestContext: { requestId: 'request', timeEpoch: now, http: { method, sourceIp } },
  };
}
