/** What the application holds of a connection. */

import type { Channel } from './channel/channel.ts';
import type { ConnectionEvents, ConnectionState } from './events/connection-events.ts';

/**
 * @example
 * const connection = connect('wss://example.com/live', { token: () => fetchToken() });
 * connection.on('state', (state) => (badge.textContent = state));
 */
export interface Connection {
  readonly state: ConnectionState;

  /** Listens to an event. Answers the function that stops it. */
  on<Name extends keyof ConnectionEvents>(
    name: Name,
    listener: (event: ConnectionEvents[Name]) => unknown,
  ): () => void;

  channel(name: string): Channel;

  /**
   * Asks the server for a sign of life. Not needed for keeping the connection.
   *
   * @throws FanfareError `disconnected` when it does not answer in time, which also makes the connection anew.
   */
  ping(): Promise<void>;

  /** Moves to a new socket, with a new token, without missing anything. The event `rotated` tells when. */
  renew(): void;

  /** Ends everything: publishes that wait are refused with `closed`, loops end, no timer is left. */
  close(): void;
}
