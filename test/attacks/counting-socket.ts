/** A socket that counts incoming frames without keeping them: pushed frames, replies to commands that ran, and refusals. */

import { once } from 'node:events';
import { WebSocket } from 'ws';

const REFUSED = /"code":"rate-limited"/;

export class CountingSocket {
  /** Bytes of pushed frames. */
  pushed = 0;
  /** Bytes of replies to commands that were not refused. */
  answered = 0;
  /** Bytes of replies in which something was over a limit. */
  refused = 0;
  replies = 0;
  /** How often each message was pushed, by its number. */
  readonly deliveries = new Map<number, number>();
  private readonly socket: WebSocket;
  private onReply: () => void = () => {};

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => this.count(data.toString()));
  }

  static async open(url: string, token?: string): Promise<CountingSocket> {
    const socket = new WebSocket(url, ['fanfare.v1', ...(token === undefined ? [] : [token])]);
    await once(socket, 'open');
    return new CountingSocket(socket);
  }

  send(frame: string): void {
    this.socket.send(frame);
  }

  /** Sends the frames as fast as the server takes them, and waits until each has its reply. */
  async flood(frames: readonly string[]): Promise<void> {
    const until = this.replies + frames.length;
    for (const frame of frames) this.send(frame);
    while (this.replies < until) await new Promise<void>((resolve) => (this.onReply = resolve));
  }

  close(): void {
    this.socket.terminate();
  }

  private count(text: string): void {
    const bytes = Buffer.byteLength(text);
    if (/^\{"event":"(messages|joined|left)"/.test(text)) {
      this.pushed += bytes;
      for (const [, seq] of text.matchAll(/"seq":(\d+)/g))
        this.deliveries.set(Number(seq), (this.deliveries.get(Number(seq)) ?? 0) + 1);
      return;
    }
    this.replies += 1;
    if (REFUSED.test(text)) this.refused += bytes;
    else this.answered += bytes;
    this.onReply();
  }
}
