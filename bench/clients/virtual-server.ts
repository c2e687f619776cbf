/** A server in virtual time that can be gone: it counts who tries to connect, and says what a client needs to hear. */

import type { Conversation } from './peer.ts';
import { VirtualSocket } from './virtual-socket.ts';

export interface Time {
  now(): number;
  after(ms: number, run: () => void): void;
}

/** One way, between its bounds. Milliseconds. */
const LATENCY_MS = { least: 5, most: 50 };

export class VirtualServer {
  isUp = true;
  /** When clients began to connect. */
  readonly attempts: number[] = [];
  readonly #open = new Set<VirtualSocket>();
  readonly #conversation: Conversation;
  readonly #time: Time;
  readonly #random: () => number;

  constructor(conversation: Conversation, time: Time, random: () => number) {
    this.#conversation = conversation;
    this.#time = time;
    this.#random = random;
  }

  /** The class that a page has as `WebSocket`. */
  get webSocket(): typeof VirtualSocket {
    const server = this;
    return class extends VirtualSocket {
      constructor(url: string, protocols: string | readonly string[] = []) {
        super(url, protocols);
        server.#connect(this);
      }
    };
  }

  /** Ends all connections at once, as a server that crashes. */
  fail(): void {
    this.isUp = false;
    for (const socket of this.#open) socket.end(1006);
    this.#open.clear();
  }

  #latency(): number {
    return LATENCY_MS.least + this.#random() * (LATENCY_MS.most - LATENCY_MS.least);
  }

  /** A server that is gone refuses after one way and back. */
  #connect(socket: VirtualSocket): void {
    this.attempts.push(this.#time.now());
    const { greeting, answer } = this.#conversation;
    const wayMs = this.#latency();
    const push = (frames: readonly string[]) =>
      this.#time.after(wayMs, () => {
        for (const frame of frames) socket.push(frame);
      });
    socket.onSent = (frame) => this.#time.after(wayMs, () => push(answer(frame)));
    socket.onEnd = () => this.#open.delete(socket);
    this.#time.after(2 * wayMs, () => {
      if (!this.isUp) return socket.end(1006);
      this.#open.add(socket);
      socket.accept();
      push(greeting);
      this.#beat(socket);
    });
  }

  #beat(socket: VirtualSocket): void {
    const { heartbeat } = this.#conversation;
    if (!heartbeat || !this.#open.has(socket)) return;
    this.#time.after(heartbeat.everyMs, () => {
      socket.push(heartbeat.frame);
      this.#beat(socket);
    });
  }
}
