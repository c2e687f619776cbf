/** A client with fallbacks over fakes, with all of its events. */

import type { Connection } from 'fanfare-client';
import { connect, type FallbackOptions, type Transport } from 'fanfare-client/fallback';
import { onTestFinished } from 'vitest';
import { FakeClock } from '../fake-clock.ts';
import { FALLBACK_URL, FakeFallback } from './fake-fallback.ts';

export interface Setup {
  readonly fallback: FakeFallback;
  readonly clock: FakeClock;
  readonly connection: Connection;
  /** The transports that were in use, in order. */
  readonly visited: Transport[];
  /** Why it had to connect again, in order. */
  readonly reasons: string[];
}

let count = 0;

/** The client remembers by URL which transport worked last. So each test has a URL of its own. */
function freshUrl(): string {
  count += 1;
  return `wss://fake.example/${count}`;
}

/** Lets the connection take all steps that need no time. `random` is 1, so every delay has its longest value, and probes come early. */
export async function connected(
  options: Partial<FallbackOptions> = {},
  fallback = new FakeFallback(),
  url = freshUrl(),
): Promise<Setup> {
  const clock = new FakeClock();
  fallback.clock = clock;
  const visited: Transport[] = [];
  const reasons: string[] = [];
  const connection = connect(url, {
    fallbackUrl: FALLBACK_URL,
    webSocket: fallback.server.webSocket,
    fetch: fallback.fetch,
    clock,
    random: () => 1,
    onTransport: (transport) => visited.push(transport),
    ...options,
  });
  connection.on('reconnecting', ({ reason }) => reasons.push(reason));
  onTestFinished(() => connection.close());
  await clock.pass(0);
  return { fallback, clock, connection, visited, reasons };
}
