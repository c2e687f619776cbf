/** The connection of a provider: opened for the first listener, closed after the last one. */

import type { Connection } from '../connection.ts';
import type { ConnectionState } from '../events/connection-events.ts';
import { FanfareError } from '../wire/errors.ts';
import { Store } from './store.ts';

/** What `useConnection` returns. */
export interface ConnectionView {
  /** `undefined` on a server, and until the component is mounted. */
  readonly connection: Connection | undefined;
  /** `connecting` on a server, and until the component is mounted. */
  readonly state: ConnectionState;
  /** The last failure that no promise reported, such as a token function that threw. `undefined` again once it is connected. */
  readonly error: Error | undefined;
}

const NOTHING: ConnectionView = { connection: undefined, state: 'connecting', error: undefined };

export class ConnectionStore extends Store<ConnectionView> {
  /** Gets the failures that no promise reports. */
  onError: ((error: Error) => unknown) | undefined;
  readonly #connect: () => Connection;

  constructor(connect: () => Connection) {
    super(NOTHING);
    this.#connect = connect;
  }

  /** The connection, for a store that runs on it. It stays open until the returned function is called. */
  hold(): { readonly connection: Connection; readonly release: () => void } {
    const release = this.listen(() => {});
    const { connection } = this.read();
    if (connection) return { connection, release };
    throw new Error('The connection is not open.');
  }

  protected start(): () => void {
    const connection = this.#connect();
    const { state } = connection;
    this.set({ connection, state, error: undefined });
    const stops = [
      connection.on('state', (next) => {
        this.set({ state: next, ...(next === 'connected' && { error: undefined }) });
      }),
      connection.on('error', (error) => this.#failed(error)),
    ];
    return () => {
      for (const stop of stops) stop();
      connection.close();
      this.set(NOTHING);
    };
  }

  /** The hooks show refusals. Other errors are mistakes in the application: thrown here, they become unhandled rejections. */
  #failed(error: Error): void {
    this.set({ error });
    if (this.onError) this.onError(error);
    else if (!(error instanceof FanfareError)) throw error;
  }
}
