/** One WebSocket, from its token to its end: frames in both directions, a heartbeat, and the subscriptions it should have. */

import type { ConnectionEvents } from '../events/connection-events.ts';
import type { Emitter } from '../events/emitter.ts';
import { nothingPlanned, type Timer } from '../platform/clock.ts';
import type { WebSocketLike } from '../platform/web-socket.ts';
import type { Command, CommandResult } from '../wire/command-result.ts';
import { parseFrames, type ServerFrame } from '../wire/server-frame.ts';
import { Heartbeat } from './heartbeat.ts';
import { InFlight } from './in-flight.ts';
import { SubscriptionSync, type SyncContext } from './subscription-sync.ts';

/** How long a token may take, and then a handshake. API Gateway ends a handshake after 29 s; the rest is for the network. Milliseconds. */
const STEP_TIMEOUT_MS = 35_000;

/** The parts of a connection that a socket needs. */
export interface SocketContext extends SyncContext, Pick<Emitter<ConnectionEvents>, 'emit'> {
  report(error: Error): void;
  /** Ends the connection. */
  close(): void;
  /** A frame came that is not a reply. */
  received(socket: Socket, frame: ServerFrame): void;
}

const EXPIRED = 'token-expired';

export interface SocketOwner {
  opened(socket: Socket): void;
  /** The socket has every subscription that is wanted. */
  synced(socket: Socket): void;
  /** The socket is of no use for long: its token has expired and the next one can be fetched, or the server will close it. */
  leave(socket: Socket, reason: string): void;
  /** Called once, after a close by either side. */
  closed(socket: Socket, reason: string): void;
}

export class Socket {
  isOpen = false;
  /** The token that it was opened with. */
  declare token: string | undefined;
  readonly #context: SocketContext;
  readonly #owner: SocketOwner;
  readonly #heartbeat: Heartbeat;
  readonly #inFlight: InFlight;
  readonly #sync: SubscriptionSync;
  #webSocket: WebSocketLike | undefined;
  readonly #limit: Timer;
  #isOver = false;
  readonly #timeout = () => this.close('timeout');

  constructor(context: SocketContext, owner: SocketOwner) {
    this.#context = context;
    this.#owner = owner;
    this.#limit = context.settings.timers.timer();
    this.#heartbeat = new Heartbeat(context.settings, this);
    this.#inFlight = new InFlight(context.settings, this);
    this.#sync = new SubscriptionSync(context, this);
    void this.#start();
  }

  /** Sends commands in one frame. Each gets a reply or an error, `undefined` if the socket ends first; none rejects. */
  ask(commands: readonly Command[]): Promise<CommandResult | undefined>[] {
    if (!this.isOpen) return [];
    const texts: string[] = [];
    const replies = commands.map((command) => this.#inFlight.add(command, texts));
    this.send(texts[1] ? `[${texts}]` : `${texts}`);
    return replies;
  }

  send(frame: string): void {
    this.#webSocket?.send(frame);
  }

  /** Whether the server answers. If it does not, the socket closes itself. */
  answers(): Promise<boolean> {
    return this.#heartbeat.answers();
  }

  /**
   * The system slept, or the network changed. Checks the server. An attempt may first take as long as a pong, because a page may be
   * shown and hidden in quick succession.
   */
  wakeUp(): void {
    const { rhythm } = this.#context.settings;
    if (this.isOpen) void this.#heartbeat.answers(false);
    else this.#limit(rhythm.timeoutMs, () => this.close('no pong'));
  }

  /** The wanted subscriptions have changed. */
  sync(): void {
    if (this.isOpen) this.#sync.sync();
  }

  synced(): void {
    this.#owner.synced(this);
  }

  /** Closes after the longest time that a reply may take. Until then, pushed messages still count. */
  retire(): void {
    this.#limit(this.#context.settings.requestTimeoutMs, this.#timeout);
  }

  /**
   * Ends at once: a close handshake would wait for a server that may be unreachable. The package `ws` would keep Node alive for that
   * wait, so it is also told to drop the connection.
   */
  close(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.isOpen = false;
    this.#limit();
    this.#heartbeat.end();
    this.#owner.closed(this, reason);
    this.#inFlight.end();
    this.#webSocket?.close(1000);
    this.#webSocket?.terminate?.();
  }

  async #start(): Promise<void> {
    const { settings } = this.#context;
    const { url, webSocket, isRenewable } = settings;
    this.#limit(STEP_TIMEOUT_MS, this.#timeout);
    try {
      const token = settings.unused ?? (await settings.token());
      this.token = token;
      settings.unused = this.#isOver ? token : undefined;
      if (this.#isOver) return;
      this.#limit(STEP_TIMEOUT_MS, this.#timeout);
      this.#listen(new webSocket(url, settings.offer(token)));
    } catch (cause) {
      if (this.#isOver) return;
      this.#context.report(new Error('no socket', { cause }));
      this.close('no socket');
      // The platform refuses the URL or the token. Both stay the same, so it would refuse them at every attempt.
      if (!isRenewable) this.#context.close();
    }
  }

  #listen(webSocket: WebSocketLike): void {
    this.#webSocket = webSocket;
    webSocket.addEventListener('open', () => this.#open());
    webSocket.addEventListener('message', ({ data }) => this.#receive(data));
    webSocket.addEventListener('close', ({ code }) => this.close(`${code}`));
    // The `close` event follows and has the code. The package `ws` throws errors that have no listener.
    webSocket.addEventListener('error', nothingPlanned);
  }

  #open(): void {
    if (this.#isOver) return;
    this.#limit();
    this.isOpen = true;
    this.#heartbeat.received();
    this.#owner.opened(this);
    this.sync();
  }

  #receive(data: unknown): void {
    if (!this.isOpen) return;
    this.#heartbeat.received();
    for (const frame of parseFrames(data)) {
      if (!this.#inFlight.take(frame)) this.#context.received(this, frame);
      if (frame.code === EXPIRED && this.#context.settings.isRenewable) this.#owner.leave(this, EXPIRED);
    }
  }
}
