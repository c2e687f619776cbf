/** Clients that publish and subscribe for as long as they are told to, and remember all that they saw. */

import {
  type Connection,
  connect,
  type Message,
  type Subscription,
  type WebSocketConstructor,
} from '../../client/index.ts';

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

/** Publishes that may wait for their reply at one client. */
const OUTSTANDING = 40;

export class Member {
  readonly connection: Connection;
  readonly seen: Seen[] = [];
  readonly sent: Sent[] = [];
  readonly failures: string[] = [];
  private readonly name: string;
  private counter = 0;
  private outstanding = 0;

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

  /** Publishes so many messages, unless too many are waiting. */
  publish(channel: string, count: number): void {
    for (let n = 0; n < count && this.outstanding < OUTSTANDING; n++) this.publishOne(channel);
  }

  private publishOne(channel: string): void {
    this.outstanding += 1;
    const n = this.counter;
    this.counter += 1;
    this.connection
      .channel(channel)
      .publish({ by: this.name, n })
      .then(({ seq }) => this.sent.push({ channel, by: this.name, n, seq }))
      .catch((error) => this.failures.push(String(error)))
      .finally(() => {
        this.outstanding -= 1;
      });
  }

  get isQuiet(): boolean {
    return this.outstanding === 0;
  }

  get delivered(): number {
    return this.seen.reduce((sum, { messages }) => sum + messages.length, 0);
  }
}
