/** A channel, as the application holds it: subscribe and publish. Other modules of the package read from it. */

import type { ConnectionEvents } from '../events/connection-events.ts';
import type { Emitter } from '../events/emitter.ts';
import type { LiveSubscription } from './live-subscription.ts';
import type { Published } from './outbox.ts';
import type { RequestContext } from './request.ts';
import type { MessageHandler, SubscribeOptions, Subscription } from './subscription.ts';

export interface PublishOptions {
  /** Publishes with the same key on the same channel within ten minutes land once. 1 to 128 characters. @default a random key */
  readonly key?: string;
}

export interface ChannelOwner<Data = unknown>
  extends RequestContext,
    Pick<Emitter<ConnectionEvents>, 'on' | 'guarded'> {
  subscribe(channel: string, handler: MessageHandler<Data>, options: SubscribeOptions): LiveSubscription;
  /** @param message as JSON, with its key. */
  publish(channel: string, message: string): Promise<Published>;
  /** Settles when there is a socket, or when the connection is closed. */
  connected(): Promise<unknown>;
  /** Emits an error that no promise reports. */
  report(error: Error, place: string, onEnd: unknown): void;
}

/**
 * @example
 * const chat = connection.channel('chat:room');
 * chat.subscribe(({ data, from }) => show(from, data));
 * await chat.publish({ text: 'hello' });
 */
export interface Channel<Data = unknown> {
  readonly name: string;
  /** @internal For the other doors. */
  readonly owner: ChannelOwner<Data>;

  /**
   * Calls the handler with every message, once and in order, also when the connection was lost in between. Returns at once; the
   * subscription's `ready` settles when the server has confirmed it.
   */
  subscribe(handler: MessageHandler<Data>, options?: SubscribeOptions): Subscription;

  /**
   * Settles when the server has stored the message. Until then the client repeats it under one key, so that it lands once.
   * Publishes of one channel keep their order.
   *
   * @param data Any JSON, at most 32 KB together with its frame; with fallbacks, 128 KB.
   * @throws FanfareError the server's refusal; at once `bad-request` for what is not JSON, `too-large` and `overflow`; `closed`;
   *   `timeout` when the client sent it and no acknowledgement came within nine minutes. The message may have landed then.
   */
  publish(data: Data, options?: PublishOptions): Promise<Published>;
}
