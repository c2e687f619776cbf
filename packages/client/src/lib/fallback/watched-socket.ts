/** A socket that reports its opening and its end. It has to open in time: some proxies swallow an upgrade without an answer. */

import { nothingPlanned, type Timers } from '../platform/clock.ts';
import { type Listening, SocketListeners } from '../platform/socket-listeners.ts';
import type { WebSocketLike } from '../platform/web-socket.ts';
import { ABNORMAL } from './http/socket-end.ts';
import type { Ending } from './outcome.ts';

export interface Watch {
  readonly clock: Timers;
  /** How long the socket may take to open. Milliseconds. */
  readonly openTimeoutMs: number;
  opened(): void;
  /** Called once. */
  ended(ending: Ending): void;
}

export class WatchedSocket implements WebSocketLike {
  readonly #listeners = new SocketListeners();
  readonly #socket: WebSocketLike;
  readonly #watch: Watch;
  #cancelTimeout = nothingPlanned;
  #openedAt: number | undefined;
  #hasReceived = false;
  #isOver = false;

  constructor(socket: WebSocketLike, watch: Watch) {
    this.#socket = socket;
    this.#watch = watch;
    this.#cancelTimeout = watch.clock.after(watch.openTimeoutMs, () => this.#timeout());
    socket.addEventListener('open', () => this.#opened());
    socket.addEventListener('message', ({ data }) => this.#received(data));
    socket.addEventListener('close', ({ code }) => this.#end(code, false));
    // The `close` event follows. The package `ws` throws errors that have no listener.
    socket.addEventListener('error', nothingPlanned);
  }

  addEventListener(...listening: Listening): void {
    this.#listeners.add(...listening);
  }

  send(frame: string): void {
    this.#socket.send(frame);
  }

  close(code = 1000): void {
    this.#end(code, true);
    this.#drop(code);
  }

  /** Reports the end at once: some platforms fire no `close` for a socket that was never open. */
  #timeout(): void {
    this.#end(ABNORMAL, false);
    this.#drop();
  }

  /** Without the other side, which may be silent: the package `ws` would wait for its close frame, and keep Node alive. */
  #drop(code?: number): void {
    this.#socket.close(code);
    this.#socket.terminate?.();
  }

  #opened(): void {
    if (this.#isOver) return;
    this.#cancelTimeout();
    this.#openedAt = this.#watch.clock.now();
    this.#watch.opened();
    this.#listeners.open();
  }

  #received(data: unknown): void {
    if (this.#isOver) return;
    this.#hasReceived = true;
    this.#listeners.message(data);
  }

  #end(code: number, isOurs: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancelTimeout();
    const { clock, ended } = this.#watch;
    const openMs = this.#openedAt === undefined ? {} : { openMs: clock.now() - this.#openedAt };
    ended({ code, isOurs, isMute: !this.#hasReceived, ...openMs });
    this.#listeners.close(code);
  }
}
