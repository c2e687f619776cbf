/** The events of a connection: everything that it reports to the application beside messages. */

/** Messages that are gone for good, by their `seq`: the first and the last one. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/**
 * `connecting` includes the wait between two attempts. `close()` and the signal lead to `closed`, and so does a URL, or a token that
 * is a string, which the platform refuses.
 */
export type ConnectionState = 'connecting' | 'connected' | 'closed';

export interface ConnectionEvents {
  state: ConnectionState;
  /** The connection is lost, and the next attempt follows after `delayMs`. Milliseconds. */
  reconnecting: { readonly delayMs: number; readonly reason: string };
  /** The server will close this socket. The client replaces it after `reconnectAfterMs`; 0 is at once. Milliseconds. */
  closing: { readonly reason: string; readonly reconnectAfterMs: number };
  /** A new socket has replaced the old one. No message was missed. */
  rotated: undefined;
  /** These messages were deleted before they could be delivered. Delivery goes on behind them. */
  lost: Gap & { readonly channel: string };
  /** A failure that no promise reports: a listener of the application, the token function, a subscription. */
  error: Error;
}
