/** A runtime with its fallback URL, and what tests ask of it. */

import { readFile } from 'node:fs/promises';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { Plugin } from 'esbuild';
import { onTestFinished } from 'vitest';
import { sessionKeyOf } from '../../../lambdas/realtime/connections/http-sessions.ts';
import { stackNameOf } from '../../../lib/settings/stack-name.ts';
import { keptAssembly, ownAssembly } from '../../kept-assembly.ts';
import { type Runtime, type RuntimeOptions, startRuntime } from '../../runtime.ts';
import { EventReader } from './event-reader.ts';

export const FALLBACK = `${stackNameOf('local')}-fallback`;

interface Shortened {
  readonly streamSeconds?: number;
  readonly clockSkewSeconds?: number;
  /** A session that is not renewed is over after this. */
  readonly leaseSeconds?: number;
  readonly sessionsPerAddress?: number;
}

type Query = Readonly<Record<string, string | readonly string[]>>;

export interface Ask {
  readonly method?: string;
  readonly path?: string;
  readonly query?: Query;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export class FallbackStage {
  readonly runtime: Runtime;
  readonly url: string;

  private constructor(runtime: Runtime) {
    this.runtime = runtime;
    this.url = runtime.urls.functionUrls[FALLBACK] ?? '';
  }

  static async start(shortened: Shortened = {}, options: RuntimeOptions = {}): Promise<FallbackStage> {
    const { streamSeconds, clockSkewSeconds, leaseSeconds, sessionsPerAddress } = shortened;
    const changes = {
      ...(clockSkewSeconds !== undefined && { tokens: { clockSkewSeconds } }),
      fallback: {
        ...(streamSeconds !== undefined && { streamSeconds }),
        ...(sessionsPerAddress !== undefined && { sessionsPerAddress }),
      },
    };
    const assemble = (outdir: string) =>
      leaseSeconds === undefined
        ? keptAssembly(changes)
        : ownAssembly(outdir, changes, [shortLeases(leaseSeconds)]);
    return new FallbackStage(await startRuntime({ ...options, assemble }));
  }

  close(): Promise<void> {
    return this.runtime.close();
  }

  /** What a request is answered with, read to its end. */
  async ask({ method = 'GET', path = '', query, token, headers, body }: Ask) {
    const response = await fetch(this.target(path, query), {
      method,
      headers: { ...(token !== undefined && { Authorization: `Bearer ${token}` }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      json: text === '' ? undefined : JSON.parse(text),
    };
  }

  async stream(query: Query, { token, lastEventId }: { token?: string; lastEventId?: string } = {}) {
    const reader = await EventReader.open(this.target('', query), {
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(lastEventId !== undefined && { 'Last-Event-ID': lastEventId }),
    });
    onTestFinished(() => reader.leave());
    return reader;
  }

  target(path = '', query: Query = {}): string {
    const url = new URL(path, this.url);
    for (const [name, values] of Object.entries(query))
      for (const value of [values].flat()) url.searchParams.append(name, value);
    return url.href;
  }

  /** How many frames wait for the openings of a session. */
  async waitingFor(user: string | undefined, session: string): Promise<number> {
    const { urls, tables } = this.runtime;
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const client = new DynamoDBClient({ endpoint: urls.dynamodb, region: 'us-east-1', credentials });
    const { Count = 0 } = await client.send(
      new ScanCommand({
        TableName: tables.find((name) => name.startsWith('StorageMailboxes')),
        FilterExpression: 'contains(connectionId, :sessionKey)',
        ExpressionAttributeValues: { ':sessionKey': { S: sessionKeyOf(user, session) } },
        Select: 'COUNT',
        ConsistentRead: true,
      }),
    );
    client.destroy();
    return Count;
  }
}

let sessions = 0;

/** The name of a session that no other test has. */
export function newSession(): string {
  sessions += 1;
  return `a-session-of-a-test-${sessions}`;
}

/** The functions as they are, but for how long a session lives without a word of its client. */
const shortLeases = (seconds: number): Plugin => ({
  name: 'short leases',
  setup(build) {
    build.onLoad({ filter: /protocol\/src\/limits\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const shortened = source.replace(/(HTTP_SESSION_LEASE_MS =)[^;]+/, `$1 ${seconds} * SECOND`);
      if (shortened === source) throw new Error('There is no lease to shorten');
      return { contents: shortened, loader: 'ts' };
    });
  },
});
