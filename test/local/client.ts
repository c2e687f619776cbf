/** A raw WebSocket client for tests: keeps every frame, so that none is missed between two awaits. */

import { once } from 'node:events';
import { WebSocket } from 'ws';
import { Queue } from './queue.ts';

export interface Closing {
  readonly code: number;
  readonly reason: string;
}

export class Client {
  readonly socket: WebSocket;
  private readonly frames = new Queue<string>();
  private ignored: readonly string[] = [];
  /** Settles when either side has closed the socket. */
  readonly closed: Promise<Closing>;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => this.receive(data.toString()));
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  /** An open connection; rejects with the error of `ws` when the handshake is refused. */
  static async open(
    url: string,
    protocols: readonly string[] = [],
    headers: Record<string, string> = {},
  ): Promise<Client> {
    const socket = new WebSocket(url, [...protocols], { headers });
    const client = new Client(socket);
    await once(socket, 'open');
    return client;
  }

  /** Drops frames with these events from now on: pushed events in tests that read only replies and messages. */
  ignore(...events: string[]): void {
    this.ignored = events;
  }

  private receive(frame: string): void {
    if (!this.ignored.some((event) => frame.startsWith(`{"event":"${event}"`))) this.frames.put(frame);
  }

  /** Sends text unchanged, and other values as JSON. */
  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** The next frame, parsed. */
  async next(): Promise<unknown> {
    return JSON.parse(await this.nextText());
  }

  async nextText(): Promise<string> {
    return this.frames.next();
  }

  /** Sends a frame and answers the next one that comes. */
  async ask(frame: unknown): Promise<unknown> {
    this.send(frame);
    return this.next();
  }

  async close(code = 1000, reason = ''): Promise<Closing> {
    this.socket.close(code, reason);
    return this.closed;
  }

  /** The connection is lost without a close frame. */
  kill(): void {
    this.socket.terminate();
  }
}

/** The HTTP status with which a handshake is refused. */
export async function refusalOf(
  url: string,
  protocols: readonly string[] = [],
  headers: Record<string, string> = {},
): Promise<number> {
  const socket = new WebSocket(url, [...protocols], { headers });
  const [, response] = await once(socket, 'unexpected-response');
  // Ending the request makes `ws` report an error without a listener.
  socket.on('error', () => {});
  response.destroy();
  return response.statusCode;
}
