/** One end of a WebSocket without a network: the client holds it as a WebSocket, the test as a server. */

import type { WebSocketLike } from '../../packages/client/src/lib/platform/web-socket.ts';

interface Listeners {
  open: (() => void)[];
  error: (() => void)[];
  message: ((event: { data: unknown }) => void)[];
  close: ((event: { code: number; reason: string }) => void)[];
}

export class FakeSocket implements WebSocketLike {
  readonly url: string;
  readonly protocols: readonly string[];
  /** Every frame the client sent, parsed. */
  readonly frames: unknown[] = [];
  readonly texts: string[] = [];
  state: 'connecting' | 'open' | 'closed' = 'connecting';
  /** Simulates a dead network: no frame goes in or out, and no side gets a close. */
  isDead = false;
  onFrame: (frame: unknown) => void = () => {};
  /** Takes a text to the client: at once, unless a test shapes the link. */
  carry: (text: string) => void = (text) => this.arrive(text);
  private readonly listeners: Listeners = { open: [], error: [], message: [], close: [] };

  constructor(url: string, protocols: readonly string[]) {
    this.url = url;
    this.protocols = protocols;
  }

  addEventListener(...[type, listener]: Listening): void {
    if (type === 'message') this.listeners.message.push(listener);
    else if (type === 'close') this.listeners.close.push(listener);
    else this.listeners[type].push(listener);
  }

  send(text: string): void {
    if (this.state === 'connecting') throw new Error('InvalidStateError');
    if (this.state === 'closed' || this.isDead) return;
    const frame: unknown = JSON.parse(text);
    this.texts.push(text);
    this.frames.push(frame);
    this.onFrame(frame);
  }

  close(code = 1005): void {
    if (!this.isDead) this.cut(code);
  }

  /** The handshake succeeds. */
  accept(): void {
    if (this.state !== 'connecting') return;
    this.state = 'open';
    for (const listener of this.listeners.open) listener();
  }

  /** The connection ends, or its handshake fails. */
  cut(code = 1006): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    for (const listener of this.listeners.error) listener();
    for (const listener of this.listeners.close) listener({ code, reason: '' });
  }

  push(frame: unknown): void {
    if (this.state !== 'open' || this.isDead) return;
    this.carry(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** The last byte of a frame is there. */
  arrive(data: string): void {
    if (this.state !== 'open' || this.isDead) return;
    for (const listener of this.listeners.message) listener({ data });
  }
}

type Listening = {
  [Type in keyof Listeners]: [type: Type, listener: Listeners[Type][number]];
}[keyof Listeners];
