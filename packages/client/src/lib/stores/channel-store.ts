/** What a component shows of a channel: its newest messages, then every new one, and its own from the moment of their publish. */

import type { Message } from 'fanfare-protocol/message';
import type { Channel, PublishOptions } from '../channel/channel.ts';
import type { Published } from '../channel/outbox.ts';
import type { Gap } from '../events/connection-events.ts';
import { newKey } from '../platform/random-key.ts';
import { FanfareError, localError } from '../wire/errors.ts';
import type { ConnectionStore } from './connection-store.ts';
import { MessageList, type MessageRow } from './message-list.ts';
import { OlderPages, type OlderView } from './older-pages.ts';
import { Store } from './store.ts';

/** `ended`: the server refused the channel, or the connection was closed. No message follows. */
export type ChannelStatus = 'subscribing' | 'subscribed' | 'ended';

/** The part of what `useChannel` returns that changes. */
export interface ChannelView<Data = unknown> extends OlderView {
  /** Each message once and in order, oldest first. Own messages that are not delivered yet come last. */
  readonly messages: readonly MessageRow<Data>[];
  /** It stays `subscribed` while the connection is lost: what is missed then arrives later. `useConnection` tells of the loss. */
  readonly status: ChannelStatus;
  /** The server's refusal, if it has ended the subscription. */
  readonly error: FanfareError | undefined;
  /** Messages that were deleted before they could be delivered: the last such gap. */
  readonly lost: Gap | undefined;
}

export interface ChannelLimits {
  /** How many messages of the history the list begins with. */
  readonly last: number;
  /** The most delivered messages in the list. */
  readonly keep: number;
}

/** From a listener's arrival until the last listener has gone. */
interface Run {
  readonly channel: Channel;
  readonly older: OlderPages;
}

const NOTHING: ChannelView = {
  messages: [],
  status: 'subscribing',
  error: undefined,
  lost: undefined,
  isLoading: false,
  hasOlder: false,
  historyError: undefined,
};

export class ChannelStore extends Store<ChannelView> {
  onMessage: ((message: Message) => unknown) | undefined;
  readonly #connection: ConnectionStore;
  readonly #name: string;
  readonly #list = new MessageList();
  readonly #last: number;
  #keep: number;
  #run: Run | undefined;
  /** Publishes go out one after the other, because only the last one of a batch learns its `seq`. */
  #previous: Promise<unknown> = Promise.resolve();
  #hasNumbers = true;

  constructor(connection: ConnectionStore, name: string, { last, keep }: ChannelLimits) {
    super(NOTHING);
    this.#connection = connection;
    this.#name = name;
    this.#last = last;
    this.#keep = keep;
  }

  readonly publish = (data: unknown, { key = newKey() }: PublishOptions = {}): Promise<Published> => {
    const published = this.#publish(data, key);
    // The row shows the failure to an application that does not wait for the promise.
    published.catch(() => {});
    return published;
  };

  readonly discard = (key: string): void => {
    this.#list.discard(key);
    this.#show();
  };

  readonly loadOlder = async (limit = 50): Promise<void> => {
    this.#keep += (await this.#run?.older.load(limit)) ?? 0;
  };

  protected start(): () => void {
    const { connection, release } = this.#connection.hold();
    const running = new AbortController();
    const { signal } = running;
    const channel = connection.channel(this.#name);
    const older = new OlderPages(channel, this.#list, signal, (change) => this.#show(change));
    this.#run = { channel, older };
    this.set({ status: 'subscribing', error: undefined });
    const after = this.#list.newest;
    const subscription = channel.subscribe((message) => this.#received(message), {
      // A component that comes back, such as one that was hidden, goes on where it was.
      ...(after !== undefined && { after }),
      signal,
      onLost: (lost) => this.set({ lost }),
      onEnd: (error) => signal.aborted || this.set({ status: 'ended', error }),
    });
    subscription.ready.then(
      () => signal.aborted || this.set({ status: 'subscribed' }),
      () => {},
    );
    // Called behind the subscribe, so that no message is missing between the page and the live messages.
    if (after === undefined && this.#last > 0) void older.load(this.#last);
    return () => {
      running.abort();
      this.#run = undefined;
      release();
    };
  }

  #received(message: Message): void {
    this.#hasNumbers = message.seq !== undefined;
    if (this.#keep > 0) {
      this.#list.received(message);
      if (this.#list.trim(this.#keep) && this.#hasNumbers) this.#run?.older.cut();
      this.#show();
    }
    this.onMessage?.(message);
  }

  async #publish(data: unknown, key: string): Promise<Published> {
    const { channel } = this.#run ?? {};
    if (!channel) throw localError('closed', 499);
    // Without a list, numbers are of no use, and a batch takes more of them in less time.
    if (this.#keep === 0) return channel.publish(data, { key });
    this.#list.sending(key, data);
    this.#show();
    try {
      const published = await this.#inTurn(() => channel.publish(data, { key }));
      this.#hasNumbers = published.seq !== undefined;
      this.#list.acknowledged(key, published.seq);
      return published;
    } catch (error) {
      if (error instanceof FanfareError) this.#list.refused(key, error);
      throw error;
    } finally {
      this.#show();
    }
  }

  #inTurn(send: () => Promise<Published>): Promise<Published> {
    const sent = this.#hasNumbers ? this.#previous.then(send) : send();
    this.#previous = sent.catch(() => {});
    return sent;
  }

  #show(older: Partial<OlderView> = {}): void {
    this.set({ ...older, messages: this.#list.rows });
  }
}
