/** Networks that block transports. */

import type { Transport } from 'fanfare-client/fallback';
import { type Asked, FakeFallback, NEVER } from './fake-fallback.ts';

export const isStream = ({ method, target }: Asked) => method === 'GET' && target === '/';

/** A network that refuses WebSockets, and whatever else the test says. */
export function blocked(intercept: FakeFallback['intercept'] = () => undefined): FakeFallback {
  const fallback = new FakeFallback();
  fallback.server.handshakes = 'refused';
  fallback.intercept = intercept;
  return fallback;
}

/** Blocks exactly these transports from now on, in the middle of whatever they carry. */
export function block(fallback: FakeFallback, ...transports: Transport[]): void {
  const { server } = fallback;
  server.handshakes = transports.includes('websocket') ? 'refused' : 'accepted';
  fallback.intercept = (asked) => (transports.includes('sse') && isStream(asked) ? NEVER : undefined);
  for (const socket of server.open) socket.cut();
}
