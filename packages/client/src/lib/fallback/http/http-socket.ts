/** A socket made of HTTP requests, with the interface of a WebSocket. */

import { type Listening, SocketListeners } from '../../platform/socket-listeners.ts';
import type { WebSocketLike } from '../../platform/web-socket.ts';
import { Commands } from './commands.ts';
import type { Session } from './session.ts';
import { ABNORMAL, SESSIONLESS, SocketEnd } from './socket-end.ts';

/** The reports of a way of receiving. */
interface Inlet {
  /** The server sends. Only the first call counts. */
  opened(): void;
  /** A frame, or an array of frames, came. */
  received(text: string): void;
}

/** A way of receiving. Settles, or rejects with a `SocketEnd` or any other error, when no more frames will come. */
export type Receive = (session: Session, inlet: Inlet) => Promise<void>;

export class HttpSocket implements WebSocketLike {
  readonly #listeners = new SocketListeners();
  readonly #session: Session;
  readonly #commands: Commands;
  #state: 'connecting' | 'open' | 'closed' = 'connecting';

  constructor(session: Session, receive: Receive) {
    this.#session = session;
    this.#commands = new Commands(session, {
      received: (text) => this.#received(text),
      failed: (cause) => this.#fail(cause),
    });
    void this.#run(receive);
  }

  addEventListener(...listening: Listening): void {
    this.#listeners.add(...listening);
  }

  send(frame: string): void {
    if (this.#state === 'open') this.#commands.send(frame);
  }

  close(code = 1000): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#session.stop();
    if (!SESSIONLESS.includes(code)) this.#session.forget();
    this.#listeners.close(code);
  }

  async #run(receive: Receive): Promise<void> {
    try {
      await receive(this.#session, {
        opened: () => this.#opened(),
        received: (text) => this.#received(text),
      });
      this.close(ABNORMAL);
    } catch (cause) {
      this.#fail(cause);
    }
  }

  #opened(): void {
    if (this.#state !== 'connecting') return;
    this.#state = 'open';
    this.#listeners.open();
  }

  #received(text: string): void {
    if (this.#state === 'open') this.#listeners.message(text);
  }

  #fail(cause: unknown): void {
    this.close(cause instanceof SocketEnd ? cause.code : ABNORMAL);
  }
}
