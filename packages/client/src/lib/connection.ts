/** A connection, as the application holds it. */

import type { Channel } from './channel/channel.ts';
import type { ConnectionEvents, ConnectionState } from './events/connection-events.ts';

/**
 * @example
 * const connection = connect('wss://example.com/live', { token: () => fetchToken() });
 * connection.on('state', (state) => (badge.textContent = state));
 */
export interface Connection {
  readonly state: ConnectionState;

  /** Listens to an event. Returns the function that stops listening. */
  on<Name extends keyof ConnectionEvents>(
    name: Name,
    listener: (event: ConnectionEvents[Name]) => unknown,
  ): () => void;

  /**
   * `Data` is what the messages of the channel carry. The client does not check it: a publisher may send something else.
   *
   * @param name `namespace:name`, such as `chat:room`. A wrong name is refused at the first command, with `bad-request`.
   * @example
   * const chat = connection.channel<{ text: string }>('chat:room');
   * chat.subscribe(({ data }) => show(data.text));
   */
  channel<Data = unknown>(name: string): Channel<Data>;

  /**
   * Settles when the server has answered a ping. Without an open socket, it waits for the next one. The client pings by itself to
   * keep the connection open.
   *
   * @throws FanfareError `disconnected` if no answer came in time, `closed` after `close()`. If no answer came, the client also
   *   reconnects.
   */
  ping(): Promise<void>;

  /** Moves to a new socket, with a new token, without missing a message. The event `rotated` follows. */
  renew(): void;

  /** Ends the connection: publishes that wait reject with `closed`, loops end, and no timer is left. */
  close(): void;
}
