/** Puts a connection together: sockets below, channels above, and frames between them. */

import type { Channel, ChannelOwner } from './channel/channel.ts';
import { Feed, type FeedContext } from './channel/feed.ts';
import { LiveSubscription } from './channel/live-subscription.ts';
import type { Published } from './channel/outbox.ts';
import type { MessageHandler, SubscribeOptions } from './channel/subscription.ts';
import type { Connection } from './connection.ts';
import type { ConnectionEvents, ConnectionState } from './events/connection-events.ts';
import { Emitter } from './events/emitter.ts';
import { onAbort } from './platform/abort.ts';
import type { Cancel } from './platform/clock.ts';
import { newKey } from './platform/random-key.ts';
import { onWakeUp } from './platform/wake-up.ts';
import { Pace } from './settings/pace.ts';
import type { Settings } from './settings/settings.ts';
import { Dialer, type DialerOwner } from './socket/dialer.ts';
import { Overlap } from './socket/overlap.ts';
import type { Socket } from './socket/socket.ts';
import type { Command, CommandResult } from './wire/command-result.ts';
import { FanfareError, localError } from './wire/errors.ts';
import { LONGEST_CHANNEL } from './wire/frame-limits.ts';
import { jsonOf } from './wire/json.ts';
import { isFailure, type ServerFrame } from './wire/server-frame.ts';

export class Client
  extends Emitter<ConnectionEvents>
  implements Connection, DialerOwner, ChannelOwner, FeedContext
{
  state: ConnectionState = 'connecting';
  declare readonly settings: Settings;
  readonly feeds = new Map<string, Feed>();
  readonly pace = new Pace();
  readonly #dialer: Dialer;
  #unacknowledged = 0;
  readonly #overlap = new Overlap<Socket>();
  readonly #wakeUps = new AbortController();
  readonly #stopListening: Cancel;

  constructor(settings: Settings, signal: AbortSignal | undefined) {
    super();
    this.settings = settings;
    this.#dialer = new Dialer(this);
    this.#stopListening = onAbort(signal, () => this.close());
    onWakeUp(() => this.#dialer.wakeUp(), this.#wakeUps);
    if (signal?.aborted) this.close();
    else this.#dialer.dial();
  }

  channel<Data>(name: string): Channel<Data>;
  channel(name: string): Channel {
    return {
      name,
      owner: this,
      subscribe: (handler, options = {}) => this.subscribe(name, handler, options),
      publish: async (data, { key = newKey() } = {}) =>
        this.publish(name, `{"data":${jsonOf(data)},"key":${jsonOf(key)}}`),
    };
  }

  subscribe(channel: string, handler: MessageHandler, options: SubscribeOptions): LiveSubscription {
    // No frame has room for such a name, and JSON no room for such a position.
    if (channel.length > LONGEST_CHANNEL || !Number.isSafeInteger(options.after ?? 0))
      throw localError('bad-request', 400);
    const feed = this.#feed(channel);
    const isClosed = this.state === 'closed';
    // Without `onEnd`, which may subscribe again, for ever.
    const subscription = new LiveSubscription(feed, handler, isClosed ? {} : options, this);
    feed.add(subscription, options.last);
    this.#dialer.sync();
    if (isClosed) subscription.end(localError('closed', 499));
    if (options.signal?.aborted) subscription.end();
    return subscription;
  }

  left(feed: Feed): void {
    // A connection would otherwise keep something of every channel that it ever published to.
    if (feed.isIdle) this.feeds.delete(feed.channel);
    this.#dialer.sync();
  }

  async publish(channel: string, message: string): Promise<Published> {
    if (this.#unacknowledged >= this.settings.maxPending) throw localError('overflow', 429);
    this.#unacknowledged += 1;
    const feed = this.#feed(channel);
    try {
      return await feed.outbox.publish(message);
    } finally {
      this.#unacknowledged -= 1;
      this.left(feed);
    }
  }

  async ping(): Promise<void> {
    const socket = await this.connected();
    if (!(await socket?.answers())) throw this.#noReply();
  }

  renew(): void {
    this.#dialer.rotate();
  }

  close(): void {
    if (this.state === 'closed') return;
    this.#wakeUps.abort();
    this.#stopListening();
    this.become('closed');
    this.#dialer.close();
    this.settings.timers.end();
    for (const feed of this.feeds.values()) feed.end();
  }

  async connected(): Promise<Socket | undefined> {
    while (this.state === 'connecting') {
      await new Promise<void>((resolve) => {
        const stop = this.on('state', () => {
          stop();
          resolve();
        });
      });
    }
    return this.#dialer.adopted;
  }

  async ask(command: Command): Promise<CommandResult> {
    const socket = await this.connected();
    return (await socket?.ask([command])[0]) ?? this.#noReply();
  }

  #feed(channel: string): Feed {
    const feed = this.feeds.get(channel) ?? new Feed(channel, this);
    this.feeds.set(channel, feed);
    return feed;
  }

  #noReply(): FanfareError {
    return this.state === 'closed' ? localError('closed', 499) : localError('disconnected', 503);
  }

  become(state: ConnectionState): void {
    if (this.state === state) return;
    this.state = state;
    if (state === 'connecting') for (const feed of this.feeds.values()) feed.interrupted();
    this.emit('state', state);
  }

  /**
   * Emits an error that no promise reports. Without a listener, the console shows it in a line, without the cause: a browser quotes the
   * token that it refuses.
   */
  report(error: Error, place = 'connection', onEnd?: unknown): void {
    if (this.emit('error', error) || onEnd) return;
    // biome-ignore lint/suspicious/noConsole: nothing else tells the application
    console.warn('fanfare', place, error.message);
  }

  received(socket: Socket, frame: ServerFrame): void {
    const { event, reason, reconnectAfter: reconnectAfterMs } = frame;
    if (isFailure(frame)) this.report(new FanfareError(frame, this.settings.isRenewable));
    else if (event === 'closing') {
      this.emit('closing', { reason, reconnectAfterMs });
      this.#dialer.leave(socket, event, reconnectAfterMs);
    } else this.#deliver(socket, frame);
  }

  #deliver(socket: Socket, frame: ServerFrame): void {
    const { event, channel, first, messages } = frame;
    const fresh = messages.filter(
      (message) =>
        message.seq !== undefined ||
        this.#overlap.isFresh(socket, channel, message, this.#dialer.sockets.size > 1),
    );
    const feed = this.feeds.get(channel);
    if (event === 'messages') feed?.received(fresh, first);
    else feed?.each((subscription) => subscription.heard(frame));
  }
}
