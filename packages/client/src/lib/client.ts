/** Puts a connection together: sockets below, channels above, and frames between them. */

import { Channel, type ChannelOwner } from './channel/channel.ts';
import { LiveSubscription } from './channel/live-subscription.ts';
import { Outbox, type Published } from './channel/outbox.ts';
import type { MessageHandler, SubscribeOptions } from './channel/subscription.ts';
import type { Connection } from './connection.ts';
import type { ConnectionEvents, ConnectionState } from './events/connection-events.ts';
import { Emitter } from './events/emitter.ts';
import { newKey } from './platform/random-key.ts';
import { onWakeUp } from './platform/wake-up.ts';
import type { Settings } from './settings/settings.ts';
import { Dialer, type DialerOwner } from './socket/dialer.ts';
import { Overlap } from './socket/overlap.ts';
import type { Socket } from './socket/socket.ts';
import type { CommandResult } from './wire/command-result.ts';
import { FanfareError, localError } from './wire/errors.ts';
import { jsonOf } from './wire/json.ts';
import { isFailure, type ServerFrame } from './wire/server-frame.ts';

export class Client implements Connection, DialerOwner, ChannelOwner {
  state: ConnectionState = 'connecting';
  readonly settings: Settings;
  readonly events = new Emitter<ConnectionEvents>();
  readonly wanted = new Set<LiveSubscription>();
  readonly #dialer = new Dialer(this);
  readonly #outboxes = new Map<string, Outbox>();
  #unacknowledged = 0;
  readonly #overlap = new Overlap<Socket>();
  readonly #listening = new AbortController();

  constructor(settings: Settings, signal: AbortSignal | undefined) {
    this.settings = settings;
    signal?.addEventListener('abort', () => this.close(), this.#listening);
    onWakeUp(() => this.#dialer.wakeUp(), this.#listening);
    if (signal?.aborted) this.close();
    else this.#dialer.dial();
  }

  on<Name extends keyof ConnectionEvents>(name: Name, listener: (event: ConnectionEvents[Name]) => unknown) {
    return this.events.on(name, listener);
  }

  channel<Data>(name: string): Channel<Data>;
  channel(name: string): Channel {
    return new Channel(name, this);
  }

  subscribe(channel: string, handler: MessageHandler, options: SubscribeOptions): LiveSubscription {
    const subscription = new LiveSubscription(channel, handler, options, this);
    this.wanted.add(subscription);
    this.#dialer.sync();
    if (this.state === 'closed') subscription.end(localError('closed'));
    if (options.signal?.aborted) subscription.end();
    return subscription;
  }

  forget(subscription: LiveSubscription): void {
    this.wanted.delete(subscription);
    this.#dialer.sync();
  }

  async publish(channel: string, data: unknown, key = newKey()): Promise<Published> {
    const json = jsonOf(data);
    if (this.#unacknowledged >= this.settings.maxPending) throw localError('overflow');
    this.#unacknowledged += 1;
    try {
      return await this.outbox(channel).publish(json, key);
    } finally {
      this.#unacknowledged -= 1;
    }
  }

  async ping(): Promise<void> {
    const isThere = await this.#dialer.current?.check();
    if (!isThere) throw this.#noReply();
  }

  renew(): void {
    this.#dialer.rotate();
  }

  close(): void {
    if (this.state === 'closed') return;
    this.#listening.abort();
    this.#dialer.close();
    this.settings.clock.end();
    this.become('closed');
    for (const subscription of this.wanted) subscription.end();
  }

  async connected(): Promise<void> {
    while (this.state === 'connecting') {
      await new Promise<void>((resolve) => {
        const stop = this.on('state', () => {
          stop();
          resolve();
        });
      });
    }
  }

  outbox(channel: string): Outbox {
    const outbox = this.#outboxes.get(channel) ?? new Outbox(channel, this);
    this.#outboxes.set(channel, outbox);
    return outbox;
  }

  async ask(command: string): Promise<CommandResult> {
    await this.connected();
    const [result] = (await this.#dialer.current?.ask([command])) ?? [];
    return result ?? this.#noReply();
  }

  #noReply(): FanfareError {
    return localError(this.state === 'closed' ? 'closed' : 'disconnected');
  }

  become(state: ConnectionState): void {
    if (this.state === state) return;
    this.state = state;
    if (state === 'connecting') for (const subscription of this.wanted) subscription.interrupted();
    this.events.emit('state', state);
  }

  received(socket: Socket, frame: ServerFrame): void {
    const { event, reason, reconnectAfter: reconnectAfterMs } = frame;
    if (isFailure(frame)) this.events.emit('error', new FanfareError(frame, this.settings.isRenewable));
    else if (event === 'closing') {
      this.events.emit('closing', { reason, reconnectAfterMs });
      this.#dialer.rotate(reconnectAfterMs);
    } else this.#deliver(socket, frame);
  }

  #deliver(socket: Socket, { event, channel, first, messages, members }: ServerFrame): void {
    const fresh = messages.filter(
      (message) =>
        message.seq !== undefined || this.#overlap.isFresh(socket, channel, message, this.#dialer.isShared),
    );
    // A handler may subscribe: the new subscription does not get this frame.
    for (const subscription of [...this.wanted]) {
      if (subscription.channel !== channel) continue;
      if (event === 'messages') subscription.received(fresh, first);
      else subscription.presence(event, members);
    }
  }
}
