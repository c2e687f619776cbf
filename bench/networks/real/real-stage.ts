/** What a situation over real sockets plays on: the local runtime, a client behind a proxy, and one that publishes without it. */

import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, connect } from 'fanfare-client';
import { historyOf } from 'fanfare-client/history';
import * as v from 'valibot';
import { WebSocket } from 'ws';
import type { LinkShape } from '../link.ts';
import type { Subject } from '../stage.ts';
import { Tally } from '../tally.ts';
import { TcpProxy } from './tcp-proxy.ts';

const dataSchema = v.object({ n: v.number() });

/** Between two looks at whether all messages have come. Milliseconds. */
const LOOK_MS = 50;

export class RealStage {
  readonly tally = new Tally();
  readonly proxy: TcpProxy;
  readonly connection: Connection;
  readonly #other: Connection;
  readonly #followed = new Set<string>();
  #lastMessage = 0;

  static async open(
    url: string,
    shape: LinkShape,
    subject: Subject,
    random: () => number,
  ): Promise<RealStage> {
    return new RealStage(url, await TcpProxy.start(url, shape, random), subject, random);
  }

  private constructor(url: string, proxy: TcpProxy, subject: Subject, random: () => number) {
    this.proxy = proxy;
    this.#other = connect(url, { webSocket: WebSocket });
    const options = { webSocket: WebSocket, random, ...subject.options };
    this.connection = subject.connect(proxy.through(url), options);
    this.connection.on('error', () => {});
  }

  /** Fills a channel before the client follows it. Returns the position before the messages. */
  async fill(channel: string, messages: number, bytes: number): Promise<number> {
    const { seq = 0 } = await this.#other.channel(channel).publish(this.#newMessage(channel, bytes));
    for (let count = 0; count < messages; count += 1) await this.say(channel, bytes);
    return seq;
  }

  /** Subscribes, and expects every message of the channel behind `after`, once. */
  async follow(channel: string, after?: number): Promise<void> {
    this.#followed.add(channel);
    if (after !== undefined) {
      const { messages } = await historyOf(this.#other.channel(channel), { after, limit: 1_000 });
      for (const message of messages) {
        const bytes = Buffer.byteLength(JSON.stringify(message));
        this.tally.expect(channel, v.parse(dataSchema, message.data).n, performance.now(), bytes);
      }
    }
    const arrived = (data: unknown) =>
      this.tally.arrived(channel, v.parse(dataSchema, data).n, performance.now());
    const options = after === undefined ? {} : { after };
    const subscription = this.connection.channel(channel).subscribe(({ data }) => arrived(data), options);
    subscription.ready.catch(() => {});
    if (after === undefined) await subscription.ready;
  }

  /** Publishes past the proxy. */
  async say(channel: string, bytes = 100): Promise<void> {
    await this.#other.channel(channel).publish(this.#newMessage(channel, bytes));
  }

  /** Publishes through the proxy. */
  publish(channel: string): void {
    this.connection
      .channel(channel)
      .publish(this.#newMessage(channel, 100))
      .catch(() => {});
  }

  /** Waits until every message has come, and no longer than this. Milliseconds. */
  async settle(longestMs: number): Promise<void> {
    const end = performance.now() + longestMs;
    while (this.tally.counts().missed > 0 && performance.now() < end) await sleep(LOOK_MS);
  }

  close(): void {
    this.connection.close();
    this.#other.close();
    this.proxy.close();
  }

  #newMessage(channel: string, bytes: number): object {
    this.#lastMessage += 1;
    const data = { n: this.#lastMessage, text: 'x'.repeat(bytes) };
    const needed = Buffer.byteLength(JSON.stringify({ seq: 1_000, data, time: Date.now(), from: '' }));
    if (this.#followed.has(channel)) this.tally.expect(channel, data.n, performance.now(), needed);
    return data;
  }
}
