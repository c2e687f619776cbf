/** Networks that block transports. */

import type { Transport } from 'fanfare-client/fallback';
import { type Asked, FakeFallback, NEVER } from './fake-fallback.ts';

export const isStream = ({ method, target }: Asked) => method === 'GET' && target === '/';

/** A network that refuses WebSockets, and all other transports that the test names. */
export function blocked(intercept: FakeFallback['intercept'] = () => undefined): FakeFallback {
  const fallback = new FakeFallback();
  fallback.server.handshakes = 'refused';
  fallback.intercept = intercept;
  return fallback;
}

/** Blocks exactly these transports from now on, also in the middle of a frame. */
export function block(fallback: FakeFallback, ...transports: Transport[]): void {
  const { server } = fallback;
  server.handshakes = transports.includes('websocket') ? 'refused' : 'accepted';
  fallback.intercept = (asked) => (transports.includes('sse') && isStream(asked) ? NEVER : undefined);
  for (const socket of server.open) socket.cut();
}
