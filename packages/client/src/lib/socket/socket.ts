/** One WebSocket, from its token to its end: frames in both directions, a heartbeat, and the subscriptions it should have. */

import type { ConnectionEvents } from '../events/connection-events.ts';
import type { Emitter } from '../events/emitter.ts';
import { nothingPlanned } from '../platform/clock.ts';
import type { WebSocketLike } from '../platform/web-socket.ts';
import type { CommandResult } from '../wire/command-result.ts';
import { FanfareError } from '../wire/errors.ts';
import { parseFrames, type ServerFrame } from '../wire/server-frame.ts';
import { Heartbeat } from './heartbeat.ts';
import { InFlight } from './in-flight.ts';
import { offer } from './offer.ts';
import { SubscriptionSync, type SyncContext } from './subscription-sync.ts';

/** API Gateway ends a handshake after 29 s. The rest is for the network. Milliseconds. */
const OPEN_TIMEOUT_MS = 35_000;

/** The parts of a connection that a socket needs. */
export interface SocketContext extends SyncContext {
  readonly events: Emitter<ConnectionEvents>;
  /** A frame came that is not a reply. */
  received(socket: Socket, frame: ServerFrame): void;
}

export interface SocketOwner {
  opened(socket: Socket): void;
  /** The socket has every subscription that is wanted. */
  synced(socket: Socket): void;
  /** The server says that the token has expired, and the next one can be fetched. */
  expired(socket: Socket): void;
  /** Called once, after a close by either side. */
  closed(socket: Socket, reason: string): void;
}

export class Socket {
  isOpen = false;
  /** The token that it was opened with. */
  token: string | undefined;
  readonly #context: SocketContext;
  readonly #owner: SocketOwner;
  readonly #heartbeat: Heartbeat;
  readonly #inFlight: InFlight;
  readonly #sync: SubscriptionSync;
  #webSocket: WebSocketLike | undefined;
  #cancelTimer = nothingPlanned;
  #isOver = false;

  constructor(context: SocketContext, owner: SocketOwner) {
    this.#context = context;
    this.#owner = owner;
    this.#heartbeat = new Heartbeat(context.settings, this);
    this.#inFlight = new InFlight(context.settings, () => void this.check());
    this.#sync = new SubscriptionSync(context, this);
    void this.#start();
  }

  /** Sends commands in one frame. Settles with a reply or an error for each, `undefined` if the socket ends first; never rejects. */
  async ask(commands: readonly string[]): Promise<(CommandResult | undefined)[]> {
    if (!this.isOpen) return [];
    const added = commands.map((command) => this.#inFlight.add(command));
    const texts = added.map(({ text }) => text);
    this.send(texts.length > 1 ? `[${texts}]` : `${texts}`);
    const results = await Promise.all(added.map(({ result }) => result));
    if (results.some(needsNextToken)) this.#owner.expired(this);
    return results;
  }

  send(frame: string): void {
    this.#heartbeat.traffic();
    this.#webSocket?.send(frame);
  }

  /** Whether the server answers. If it does not, the socket closes itself. */
  check(): Promise<boolean> {
    return this.#heartbeat.check();
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
    const { clock, requestTimeoutMs } = this.#context.settings;
    this.#cancelTimer = clock.after(requestTimeoutMs, () => this.close('closed'));
  }

  /** Ends at once: a close handshake would wait for a server that may be unreachable. */
  close(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.isOpen = false;
    this.#cancelTimer();
    this.#heartbeat.stop();
    this.#owner.closed(this, reason);
    this.#inFlight.stop();
    this.#webSocket?.close(1000);
  }

  async #start(): Promise<void> {
    const { token, name, clock, url, webSocket } = this.#context.settings;
    try {
      this.token = await token();
      if (this.#isOver) return;
      this.#cancelTimer = clock.after(OPEN_TIMEOUT_MS, () => this.close('timeout'));
      this.#listen(new webSocket(url, offer(name, this.token)));
    } catch (cause) {
      this.#context.events.emit('error', new Error('no socket', { cause }));
      this.close('no socket');
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
    this.#cancelTimer();
    this.isOpen = true;
    this.#heartbeat.start();
    this.#owner.opened(this);
    this.sync();
  }

  #receive(data: unknown): void {
    if (!this.isOpen) return;
    this.#heartbeat.received();
    for (const frame of parseFrames(data)) {
      if (!this.#inFlight.take(frame)) this.#context.received(this, frame);
    }
  }
}

/** Whether the token of the command has expired, and the next one can be fetched. */
function needsNextToken(result: CommandResult | undefined): boolean {
  return result instanceof FanfareError && result.code === 'token-expired' && result.isRetryable;
}
