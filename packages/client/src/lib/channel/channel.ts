/** Everything one can do with a channel. */

import type { Message } from 'fanfare-protocol/message';
import type { Hub } from '../hub.ts';
import type { Member } from '../wire/server-frame.ts';
import { iterate } from './iterate.ts';
import type { Follower } from './live-subscription.ts';
import type { Published } from './outbox.ts';
import { request } from './request.ts';
import type { MessageHandler, SubscribeOptions, Subscription } from './subscription.ts';

export interface PublishOptions {
  /** The same key on the same channel within ten minutes lands once. @default a random one */
  readonly key?: string;
}

/** `after` or `before`, not both; with neither, the latest messages. */
export interface HistoryOptions {
  readonly after?: number;
  readonly before?: number;
  /** @default 50, at most 1000 */
  readonly limit?: number;
}

export interface HistoryPage {
  /** Oldest first. */
  readonly messages: Message[];
  /** Whether there is more in the direction asked for. */
  readonly more: boolean;
  /** What to pass as `after`, or as `before`, for the next page. */
  readonly next: number | undefined;
}

export interface ChannelOwner extends Hub {
  subscribe(channel: string, handler: MessageHandler, options: SubscribeOptions): Follower;
  publish(channel: string, data: unknown, key?: string): Promise<Published>;
}

/**
 * @example
 * const chat = connection.channel('chat:room');
 * chat.subscribe(({ data, from }) => show(from, data));
 * await chat.publish({ text: 'hello' });
 */
export class Channel {
  readonly name: string;
  readonly #owner: ChannelOwner;

  constructor(name: string, owner: ChannelOwner) {
    this.name = name;
    this.#owner = owner;
  }

  /** Calls the handler with every message, in order, each once, across reconnects. */
  subscribe(handler: MessageHandler, options: SubscribeOptions = {}): Subscription {
    return this.#owner.subscribe(this.name, handler, options);
  }

  /**
   * The messages as a loop, which ends when the connection is closed or the signal aborts.
   *
   * @throws FanfareError when it is refused, and `overflow` when the loop is 10,000 messages behind.
   * @example
   * for await (const { data } of chat.messages({ signal })) show(data);
   */
  messages(options: SubscribeOptions = {}): AsyncGenerator<Message, void, void> {
    return iterate((handler, all) => this.#owner.subscribe(this.name, handler, all), options);
  }

  [Symbol.asyncIterator](): AsyncGenerator<Message, void, void> {
    return this.messages();
  }

  /**
   * Settles when the message is durable. It is sent again until then, under one key, so that it lands once; publishes of
   * one channel keep their order.
   *
   * @throws FanfareError what the server says; `too-large` and `overflow` at once; `closed`; `timeout` when it was sent
   *   and could not be repeated in time.
   */
  publish(data: unknown, { key }: PublishOptions = {}): Promise<Published> {
    return this.#owner.publish(this.name, data, key);
  }

  /**
   * A page of what was said.
   *
   * @throws FanfareError what the server says, `timeout`, `closed`.
   * @example
   * const { messages, next } = await chat.history({ before: oldest, limit: 20 });
   */
  async history(options: HistoryOptions = {}): Promise<HistoryPage> {
    const { messages: records, more } = await request(this.#owner, this.name, 'history', options);
    const messages = records.filter((record) => !record.void);
    return { messages, more, next: records.at(options.after === undefined ? 0 : -1)?.seq };
  }

  /**
   * Has the server keep how far this user has read, for all their devices. The position only moves forward; `0` asks for it.
   *
   * @returns the position that is kept now.
   * @throws FanfareError what the server says, `timeout`, `closed`.
   */
  async mark(position: number): Promise<number> {
    return (await request(this.#owner, this.name, 'mark', { seq: position })).seq ?? position;
  }

  /**
   * Who is there, by as many requests as it takes.
   *
   * @throws FanfareError what the server says, `timeout`, `closed`.
   */
  async members(): Promise<readonly Member[]> {
    const found: Member[] = [];
    let cursor: unknown;
    do {
      const { members, next } = await request(this.#owner, this.name, 'members', { cursor });
      found.push(...members);
      cursor = next;
    } while (cursor !== undefined);
    return found;
  }
}
