/** What a connection tells the application beside messages. */

import type { Gap } from '../channel/sequencer.ts';

/** `connecting` is also the wait between attempts; only `close()` or the signal ends in `closed`. */
export type ConnectionState = 'connecting' | 'connected' | 'closed';

export interface ConnectionEvents {
  state: ConnectionState;
  /** The next attempt comes after this delay. Milliseconds. */
  reconnecting: { readonly delayMs: number; readonly reason: string };
  /** The server will close this connection; it is replaced at once or after the delay. Milliseconds. */
  closing: { readonly reason: string; readonly reconnectAfterMs: number };
  /** A new socket has taken over; nothing was missed. */
  rotated: undefined;
  /** These messages are out of the channel's retention. Delivery goes on behind them. */
  lost: Gap & { readonly channel: string };
  /** Something failed that has no caller: a handler of yours, the token function, a subscription. */
  error: Error;
}
