/** A client of `client/` that follows one channel and records all messages. */

import { type Connection, type ConnectionEvents, connect, type Options } from 'fanfare-client';
import { WebSocket } from 'ws';

/** So that a test does not wait for the pauses that spare a server. */
const backoff = { baseMs: 20, capMs: 100 };

export class Following {
  readonly connection: Connection;
  readonly got: unknown[] = [];
  /** The lost messages. */
  readonly lost: unknown[] = [];
  readonly ready: Promise<void>;
  private onMessage = () => {};

  constructor(url: string, channel: string, options: Options) {
    this.connection = connect(url, { webSocket: WebSocket, backoff, ...options });
    this.connection.on('lost', (gap) => this.lost.push(gap));
    const subscription = this.connection.channel(channel).subscribe(({ data }) => {
      this.got.push(data);
      this.onMessage();
    });
    this.ready = subscription.ready;
  }

  /** Settles when it has `count` messages. */
  has(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.onMessage = () => {
        if (this.got.length >= count) resolve();
      };
      this.onMessage();
    });
  }

  /** Settles when it is connected. */
  back(): Promise<void> {
    return new Promise((resolve) => {
      this.connection.on('state', (state) => {
        if (state === 'connected') resolve();
      });
      if (this.connection.state === 'connected') resolve();
    });
  }

  /** Settles when the connection has emitted this event `times` more times. */
  happens(name: keyof ConnectionEvents, times: number): Promise<void> {
    let left = times;
    return new Promise((resolve) => {
      this.connection.on(name, () => {
        left -= 1;
        if (left === 0) resolve();
      });
    });
  }
}

/** The messages of a subscriber that missed no message. */
export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}
