/** What the end of a socket says about its transport. Pure. */

import { NOT_ADMITTED, SILENT } from './http/socket-end.ts';

/**
 * - `good`: it did what a transport should.
 * - `failed`: it could not be opened, was cut soon after, or carried nothing. Perhaps the transport is blocked.
 * - `refused`: the server was reached and does not want this token or this page, so the transport is not to blame.
 * - `unknown`: it was given up before it could show anything.
 */
export type Outcome = 'good' | 'failed' | 'refused' | 'unknown';

export interface Ending {
  /** As of a WebSocket, or from `socket-end.ts`. */
  readonly code: number;
  /** It was closed from this side. */
  readonly isOurs: boolean;
  /** For how long it was open; absent if it never was. Milliseconds. */
  readonly openMs?: number;
  /** Nothing at all came: a proxy let the handshake through, and no more. */
  readonly isMute: boolean;
}

/** @param stableMs how long a socket that is not cut has to be open. */
export function outcomeOf({ code, isOurs, openMs, isMute }: Ending, stableMs: number): Outcome {
  // A session that is open was admitted; its token has ended meanwhile.
  if (NOT_ADMITTED.includes(code)) return openMs === undefined ? 'refused' : 'unknown';
  if (code === SILENT) return 'failed';
  if (openMs === undefined) return isOurs ? 'unknown' : 'failed';
  if (isMute && isOurs) return 'failed';
  if (openMs >= stableMs) return 'good';
  return isOurs ? 'unknown' : 'failed';
}
