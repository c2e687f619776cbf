/** A channel, as the application holds it: subscribe, publish, history, marks and members. */

import type { Message } from 'fanfare-protocol/message';
import type { Member } from '../wire/server-frame.ts';
import { iterate } from './iterate.ts';
import type { LiveSubscription } from './live-subscription.ts';
import type { Published } from './outbox.ts';
import { type RequestContext, request } from './request.ts';
import type { MessageHandler, SubscribeOptions, Subscription } from './subscription.ts';

export interface PublishOptions {
  /** Publishes with the same key on the same channel within ten minutes land once. 1 to 128 characters. @default a random key */
  readonly key?: string;
}

/** `after` or `before`, not both. With neither, the page has the newest messages. */
export interface HistoryOptions {
  /** Reads messages with a greater `seq`. */
  readonly after?: number;
  /** Reads messages with a smaller `seq`. */
  readonly before?: number;
  /** The most messages in the page, 1 to 1000. @default 50 */
  readonly limit?: number;
}

export interface HistoryPage<Data = unknown> {
  /** Oldest first. */
  readonly messages: Message<Data>[];
  /** Whether there are more messages in the direction asked for. */
  readonly more: boolean;
  /** The `after`, or the `before`, of the next page. `undefined` if this page is empty. */
  readonly next: number | undefined;
}

export interface ChannelOwner<Data = unknown> extends RequestContext {
  subscribe(channel: string, handler: MessageHandler<Data>, options: SubscribeOptions): LiveSubscription;
  publish(channel: string, data: unknown, key?: string): Promise<Published>;
}

/**
 * @example
 * const chat = connection.channel('chat:room');
 * chat.subscribe(({ data, from }) => show(from, data));
 * await chat.publish({ text: 'hello' });
 */
export class Channel<Data = unknown> {
  readonly name: string;
  readonly #owner: ChannelOwner<Data>;

  constructor(name: string, owner: ChannelOwner<Data>) {
    this.name = name;
    this.#owner = owner;
  }

  /**
   * Calls the handler with every message, once and in order, also when the connection was lost in between. Returns at once; the
   * subscription's `ready` settles when the server has confirmed it.
   */
  subscribe(handler: MessageHandler<Data>, options: SubscribeOptions = {}): Subscription {
    return this.#owner.subscribe(this.name, handler, options);
  }

  /**
   * The messages as a loop, which ends when the connection is closed or the signal aborts.
   *
   * @throws FanfareError the server's refusal, and `overflow` when 10,000 messages wait for the loop.
   * @example
   * for await (const { data } of chat.messages({ signal })) show(data);
   */
  messages(options: SubscribeOptions = {}): AsyncGenerator<Message<Data>, void, void> {
    return iterate((handler, all) => this.#owner.subscribe(this.name, handler, all), options);
  }

  [Symbol.asyncIterator](): AsyncGenerator<Message<Data>, void, void> {
    return this.messages();
  }

  /**
   * Settles when the server has stored the message. Until then the client repeats it under one key, so that it lands once.
   * Publishes of one channel keep their order.
   *
   * @param data Any JSON, at most 32 KB together with its frame.
   * @throws FanfareError the server's refusal; at once `bad-request` for what is not JSON, `too-large` and `overflow`; `closed`;
   *   `timeout` when the client sent it and no acknowledgement came within nine minutes. The message may have landed then.
   */
  publish(data: Data, { key }: PublishOptions = {}): Promise<Published> {
    return this.#owner.publish(this.name, data, key);
  }

  /**
   * Reads a page of the channel's messages.
   *
   * @throws FanfareError the server's refusal, `timeout`, `closed`.
   * @example
   * const { messages, next } = await chat.history({ before: oldest, limit: 20 });
   */
  history(options?: HistoryOptions): Promise<HistoryPage<Data>>;
  async history(options: HistoryOptions = {}): Promise<HistoryPage> {
    const { messages: records, more } = await request(this.#owner, this.name, 'history', options);
    const messages = records.filter((record) => !record.void);
    return { messages, more, next: records.at(options.after === undefined ? 0 : -1)?.seq };
  }

  /**
   * Tells the server up to which `seq` this user has read, for all devices of the user. The position only moves forward, so `0`
   * only reads it.
   *
   * @returns the position that the server has now.
   * @throws FanfareError the server's refusal, `timeout`, `closed`.
   */
  async mark(position: number): Promise<number> {
    return (await request(this.#owner, this.name, 'mark', { seq: position })).seq ?? position;
  }

  /**
   * Lists the users who are subscribed to the channel, each once. Sends as many requests as the list has pages.
   *
   * @throws FanfareError the server's refusal, `timeout`, `closed`.
   */
  async members(): Promise<readonly Member[]> {
    let found: readonly Member[] = [];
    let cursor: unknown;
    do {
      const { members, next } = await request(this.#owner, this.name, 'members', { cursor });
      found = found.concat(members);
      cursor = next;
    } while (cursor !== undefined);
    return found;
  }
}
