/** Tokens that are issued and that end by a fake clock. */

import { vi } from 'vitest';
import type { FakeClock } from './fake-clock.ts';
import type { FakeServer } from './fake-server.ts';
import { expiryOf, jsonWebToken } from './json-web-token.ts';

const SECOND = 1_000;

/** A function that issues tokens by a clock. */
export function issue(clock: FakeClock, lifetimeMs: number) {
  return vi.fn(() => {
    const iat = clock.now() / SECOND;
    return jsonWebToken({ iat, exp: iat + lifetimeMs / SECOND });
  });
}

/** As the server ends a connection whose token has: by closing it at the next message it would have had. */
export function sayByTokens(server: FakeServer, clock: FakeClock, data: unknown): void {
  for (const socket of server.open) if (expiryOf(socket.protocols[2]) <= clock.now()) socket.cut(1000);
  server.say('open:x', data);
}
