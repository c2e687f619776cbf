/** Everything on AWS that functions talk to, in this process: quick, plausible, and now and then broken or slow. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { randomFrom } from '../../packages/local/src/seeded-random.ts';
import { listenOnLoopback } from '../loopback.ts';
import { type Answer, answerOf, pick } from './faulty-tables.ts';

export interface FaultyAws {
  readonly url: string;
  /** How many requests it was sent. */
  readonly requests: () => number;
  close(): Promise<void>;
}

export interface FaultyAwsOptions {
  readonly seed: number;
  /** The secrets of Secrets Manager, by name. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** The keys at `/jwks.json`. */
  readonly keys?: object;
}

/** Answers that take longer than usual. Milliseconds. */
const SLOW_MS = 40;

/** One answer in 200 is slow. One in 1,000 never comes, because the socket is lost. */
const SLOW = 200;
const LOST = 1_000;

/** The share of requests to tables that fail: usually, and in a storm, when dependent requests fail together. */
const FAILING = 0.01;
const FAILING_IN_STORM = 0.4;

/** The first 150 of each 1,000 requests come in a storm. */
const WEATHER = 1_000;
const STORM = 150;

/** 20 of 23 posts succeed. */
const posts: readonly number[] = [...Array(20).fill(200), 410, 429, 500];
const invocations: readonly number[] = [...Array(20).fill(202), 429, 500];

export async function startFaultyAws({
  seed,
  secrets = {},
  keys = {},
}: FaultyAwsOptions): Promise<FaultyAws> {
  const random = randomFrom(seed);
  let requests = 0;

  function answerTo({ url = '', headers }: IncomingMessage, body: string): Answer {
    const [service, operation = ''] = String(headers['x-amz-target'] ?? '').split('.');
    const failing = requests % WEATHER < STORM ? FAILING_IN_STORM : FAILING;
    if (service === 'DynamoDB_20120810') return answerOf(operation, body, random, failing);
    if (url.includes('connections/')) return { status: pick(posts, random), body: '' };
    if (url.includes('/invocations')) return { status: pick(invocations, random), body: '' };
    throw new Error(`Nothing on AWS is at ${url}`);
  }

  /** A function reads this once and keeps it. If it failed, the function would refuse every event. */
  function keyFor({ url, headers }: IncomingMessage, body: string): string | undefined {
    if (url === '/jwks.json') return JSON.stringify(keys);
    return headers['x-amz-target'] === 'secretsmanager.GetSecretValue' ? secretIn(secrets, body) : undefined;
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    requests += 1;
    const asked = await text(request);
    const key = keyFor(request, asked);
    if (key !== undefined) return give(response, { status: 200, body: key });
    const answer = answerTo(request, asked);
    const chance = random();
    if (chance < 1 / LOST) request.socket.destroy();
    else if (chance < 1 / SLOW) setTimeout(() => give(response, answer), SLOW_MS);
    else give(response, answer);
  }

  const { server, url, close } = await listenOnLoopback((request, response) => void serve(request, response));
  // Longer than the run, so that no socket is closed just when it is used again.
  server.keepAliveTimeout = 600_000;
  return { url, requests: () => requests, close };
}

function give(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

function secretIn(secrets: Readonly<Record<string, string>>, body: string): string {
  const { SecretId } = JSON.parse(body);
  return JSON.stringify({ Name: SecretId, SecretString: secrets[SecretId] });
}
