/** The one composition point: sockets below, channels above, and the way between them. */

import { Channel, type ChannelOwner } from './channel/channel.ts';
import { Follower } from './channel/live-subscription.ts';
import { Outbox, type Published } from './channel/outbox.ts';
import type { MessageHandler, SubscribeOptions } from './channel/subscription.ts';
import type { Connection } from './connection.ts';
import type { ConnectionEvents, ConnectionState } from './events/connection-events.ts';
import { Emitter } from './events/emitter.ts';
import { newKey } from './platform/random-key.ts';
import { onDoubt } from './platform/wake-up.ts';
import type { Settings } from './settings/settings.ts';
import { Dialer, type DialerOwner } from './socket/dialer.ts';
import type { Answer } from './socket/in-flight.ts';
import { Overlap } from './socket/overlap.ts';
import type { Link } from './socket/socket.ts';
import { FanfareError, localError } from './wire/errors.ts';
import { jsonOf } from './wire/json.ts';
import { isFailure, type ServerFrame } from './wire/server-frame.ts';

export class Client implements Connection, DialerOwner, ChannelOwner {
  state: ConnectionState = 'connecting';
  readonly settings: Settings;
  readonly events = new Emitter<ConnectionEvents>();
  readonly wanted = new Set<Follower>();
  readonly #dialer = new Dialer(this);
  readonly #outboxes = new Map<string, Outbox>();
  #unacknowledged = 0;
  readonly #overlap = new Overlap<Link>();
  readonly #listening = new AbortController();

  constructor(settings: Settings, signal: AbortSignal | undefined) {
    this.settings = settings;
    signal?.addEventListener('abort', () => this.close(), this.#listening);
    onDoubt(() => this.#dialer.doubt(), this.#listening);
    if (signal?.aborted) this.close();
    else this.#dialer.dial();
  }

  on<Name extends keyof ConnectionEvents>(name: Name, listener: (event: ConnectionEvents[Name]) => unknown) {
    return this.events.on(name, listener);
  }

  channel(name: string): Channel {
    return new Channel(name, this);
  }

  subscribe(channel: string, handler: MessageHandler, options: SubscribeOptions): Follower {
    const follower = new Follower(channel, handler, options, this);
    this.wanted.add(follower);
    this.#dialer.sync();
    if (this.state === 'closed') follower.end(localError('closed'));
    if (options.signal?.aborted) follower.end();
    return follower;
  }

  forget(follower: Follower): void {
    this.wanted.delete(follower);
    this.#dialer.sync();
  }

  async publish(channel: string, data: unknown, key = newKey()): Promise<Published> {
    const json = jsonOf(data);
    if (json === undefined) throw localError('bad-request');
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
    if (!isThere) throw this.#absence();
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
    for (const follower of this.wanted) follower.end();
  }

  async linked(): Promise<void> {
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

  async ask(command: string): Promise<Answer> {
    await this.linked();
    const [answer] = (await this.#dialer.current?.ask([command])) ?? [];
    return answer ?? this.#absence();
  }

  #absence(): FanfareError {
    return localError(this.state === 'closed' ? 'closed' : 'disconnected');
  }

  become(state: ConnectionState): void {
    if (this.state === state) return;
    this.state = state;
    if (state === 'connecting') for (const follower of this.wanted) follower.interrupted();
    this.events.emit('state', state);
  }

  received(link: Link, frame: ServerFrame): void {
    const { event, reason, reconnectAfter: reconnectAfterMs } = frame;
    if (isFailure(frame)) this.events.emit('error', new FanfareError(frame, this.settings.isRenewable));
    else if (event === 'closing') {
      this.events.emit('closing', { reason, reconnectAfterMs });
      this.#dialer.rotate(reconnectAfterMs);
    } else this.#deliver(link, frame);
  }

  #deliver(link: Link, { event, channel, first, messages, members }: ServerFrame): void {
    const fresh = messages.filter(
      (message) =>
        message.seq !== undefined || this.#overlap.isFresh(link, channel, message, this.#dialer.isShared),
    );
    for (const follower of this.wanted) {
      if (follower.channel !== channel) continue;
      if (event === 'messages') follower.received(fresh, first);
      else follower.presence(event, members);
    }
  }
}
