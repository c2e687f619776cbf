/** One open connection: its socket, its timers, and how it ended. */

import type { Writable } from 'node:stream';
import type { WebSocket } from 'ws';
import type { ConnectionFacts } from './connection-facts.ts';
import type { Timers } from './timers.ts';
import { writeTogether } from './write-together.ts';

/** How a connection ended, in the form of the `$disconnect` event (DC-3). */
export interface Ending {
  readonly code: number;
  readonly reason: string;
}

/** A WebSocket, and the stream that it writes its frames to. */
export interface Wire {
  readonly socket: WebSocket;
  readonly stream: Writable;
}

export interface ConnectionListeners {
  readonly onMessage: (text: string) => void;
  /** Called after a text was sent to the client. */
  readonly onSent: (text: string, route: string) => void;
  /** Called when posts are no longer possible. The socket may still be closing. */
  readonly onClosing: () => void;
  /** Called when the socket is closed, by either side. */
  readonly onClosed: (ending: Ending) => void;
}

/** The ways in which the gateway ends a connection, with the texts that were observed on AWS (DC-3). */
const endings = {
  goingAway: { code: 1001, reason: 'Going away' },
  deleted: { code: 1000, reason: 'Connection Closed Normally' },
  binary: { code: 1003, reason: '' },
  tooBig: { code: 1009, reason: '' },
} as const satisfies Record<string, Ending>;

/** Error codes of `ws` for mistakes of a client, with the close codes that the client gets. */
const protocolFailures = new Map<unknown, Ending>([
  ['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', endings.tooBig],
  ['WS_ERR_INVALID_UTF8', { code: 1007, reason: '' }],
]);

/** The status if the client sent none (DC-3). */
const NO_STATUS = 1005;
const NO_STATUS_REASON = 'Client-side close frame status not set';

export class Connection {
  readonly facts: ConnectionFacts;
  lastActiveAt: number;
  private readonly socket: WebSocket;
  private readonly stream: Writable;
  private readonly listeners: ConnectionListeners;
  private readonly lifetime: NodeJS.Timeout;
  private readonly idle: NodeJS.Timeout;
  private ending: Ending | undefined;

  constructor(
    facts: ConnectionFacts,
    { socket, stream }: Wire,
    timers: Timers,
    listeners: ConnectionListeners,
  ) {
    this.facts = facts;
    this.socket = socket;
    this.stream = stream;
    this.listeners = listeners;
    this.lastActiveAt = Date.now();
    this.lifetime = setTimeout(() => this.end(endings.goingAway), timers.lifetimeMs);
    this.idle = setTimeout(() => this.end(endings.goingAway), timers.idleTimeoutMs);
    if (timers.pingsKeepOpen) socket.on('ping', () => this.touch());
    socket.on('message', (data: Buffer, isBinary) => this.receive(data, isBinary));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', (code, reason) => this.closed(code, reason.toString()));
  }

  /**
   * Sends text to the client. Returns false if the connection is ending.
   *
   * @param route The route that the text answers, or `@connections`.
   */
  send(text: string, route: string): boolean {
    if (this.ending || this.socket.readyState !== this.socket.OPEN) return false;
    this.touch();
    writeTogether(this.stream);
    this.socket.send(text);
    this.listeners.onSent(text, route);
    return true;
  }

  /** The bytes that were sent and that the client has not read yet. */
  get unreadBytes(): number {
    return this.socket.bufferedAmount;
  }

  /** Closes for the management API, which cannot choose a code (DC-6). */
  delete(): void {
    this.end(endings.deleted);
  }

  /** Closes because the client has announced a frame over the limit (LM-4). */
  refuseFrame(): void {
    this.end(endings.tooBig);
  }

  /** Ends the connection without a close handshake, because the runtime stops. */
  terminate(): void {
    this.socket.terminate();
  }

  private receive(data: Buffer, isBinary: boolean): void {
    if (this.ending) return;
    if (isBinary) {
      this.end(endings.binary);
      return;
    }
    this.touch();
    this.listeners.onMessage(data.toString('utf8'));
  }

  /** Control frames do not count as activity (KA-3). With this pessimistic choice, broken clients show. */
  private touch(): void {
    this.lastActiveAt = Date.now();
    this.idle.refresh();
  }

  private end(ending: Ending): void {
    if (this.ending) return;
    this.ending = ending;
    this.listeners.onClosing();
    this.socket.close(ending.code, ending.reason);
  }

  private fail(error: Error): void {
    const code = 'code' in error ? error.code : undefined;
    this.ending ??= protocolFailures.get(code);
  }

  private closed(code: number, reason: string): void {
    clearTimeout(this.lifetime);
    clearTimeout(this.idle);
    this.listeners.onClosing();
    this.listeners.onClosed(this.ending ?? { code, reason: code === NO_STATUS ? NO_STATUS_REASON : reason });
  }
}
