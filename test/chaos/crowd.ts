/** Clients that publish and subscribe until the run stops them, and that record all messages. */

import {
  type Connection,
  connect,
  type Message,
  type Subscription,
  type WebSocketConstructor,
} from 'fanfare-client';

export interface Seen {
  readonly channel: string;
  readonly start: number;
  readonly messages: { readonly seq: number; readonly data: unknown }[];
  readonly lost: unknown[];
  readonly subscription: Subscription;
}

/** A published message that was acknowledged, or refused for good. */
export interface Sent {
  readonly channel: string;
  readonly by: string;
  readonly n: number;
  readonly seq: number | undefined;
}

export class Member {
  readonly connection: Connection;
  readonly seen: Seen[] = [];
  readonly sent: Sent[] = [];
  readonly failures: string[] = [];
  private readonly name: string;
  private counter = 0;
  private waiting = 0;

  constructor(name: string, url: string, webSocket: WebSocketConstructor, random: () => number) {
    this.name = name;
    this.connection = connect(url, {
      webSocket,
      random,
      requestTimeoutMs: 5_000,
      backoff: { baseMs: 20, capMs: 500, stableMs: 2_000 },
      heartbeat: { idleMs: 5_000, timeoutMs: 2_000 },
    });
  }

  /** Resolves when the subscription stands; everything after its position must arrive. */
  async follow(channel: string): Promise<void> {
    const messages: { seq: number; data: unknown }[] = [];
    const lost: unknown[] = [];
    const hear = ({ seq = 0, data }: Message) => messages.push({ seq, data });
    const subscription = this.connection
      .channel(channel)
      .subscribe(hear, { onLost: (gap) => lost.push(gap) });
    await subscription.ready;
    this.seen.push({ channel, start: subscription.position ?? 0, messages, lost, subscription });
  }

  publish(channel: string, count: number): void {
    for (let n = 0; n < count; n++) this.publishOne(channel);
  }

  private publishOne(channel: string): void {
    this.waiting += 1;
    const n = this.counter;
    this.counter += 1;
    this.connection
      .channel(channel)
      .publish({ by: this.name, n })
      .then(({ seq }) => this.sent.push({ channel, by: this.name, n, seq }))
      .catch((error) => this.failures.push(String(error)))
      .finally(() => {
        this.waiting -= 1;
      });
  }

  /** Publishes that wait for their replies. */
  get outstanding(): number {
    return this.waiting;
  }

  get delivered(): number {
    return this.seen.reduce((sum, { messages }) => sum + messages.length, 0);
  }
}
