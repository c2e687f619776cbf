/** Judges a transport by the end of a socket. Pure. */

import { NOT_ADMITTED, SILENT } from './http/socket-end.ts';

/**
 * - `good`: the socket was open for long enough.
 * - `failed`: it did not open, was cut soon after, or carried no frame. Perhaps the transport is blocked.
 * - `refused`: the server was reached and refused the token or the page, so the transport works.
 * - `unknown`: the client closed it too early to tell.
 */
export type Outcome = 'good' | 'failed' | 'refused' | 'unknown';

export interface Ending {
  /** The close code of a WebSocket, or one of `http/socket-end.ts`. */
  readonly code: number;
  /** Whether the client closed it. */
  readonly isOurs: boolean;
  /** How long it was open; absent if it never was. Milliseconds. */
  readonly openMs?: number;
  /** No frame came: perhaps a proxy passes the handshake, and nothing after it. */
  readonly isMute: boolean;
}

/** @param stableMs How long a socket has to be open to be good. Milliseconds. */
export function outcomeOf({ code, isOurs, openMs, isMute }: Ending, stableMs: number): Outcome {
  // The server admitted an open session. Its token has expired since.
  if (NOT_ADMITTED.includes(code)) return openMs === undefined ? 'refused' : 'unknown';
  if (code === SILENT) return 'failed';
  if (openMs === undefined) return isOurs ? 'unknown' : 'failed';
  if (isMute && isOurs) return 'failed';
  if (openMs >= stableMs) return 'good';
  return isOurs ? 'unknown' : 'failed';
}
