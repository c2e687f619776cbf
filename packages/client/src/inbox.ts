/**
 * A user's inbox: every message once and in order, on all devices of the user. The server keeps the position up to which the user
 * has read; delivery continues behind it.
 */

import { userChannel } from 'fanfare-protocol/channel';
import type { Message } from 'fanfare-protocol/message';
import type { Channel } from './lib/channel/channel.ts';
import { iterate } from './lib/channel/iterate.ts';
import { request } from './lib/channel/request.ts';
import type { Connection } from './lib/connection.ts';
import type { Gap } from './lib/events/connection-events.ts';
import { Marker } from './lib/marker.ts';
import { onAbort } from './lib/platform/abort.ts';
import { type Clock, systemClock } from './lib/platform/clock.ts';
import { FanfareError } from './lib/wire/errors.ts';

/**
 * Gets one message at a time: the next one when the promise that it returned for the last one has settled. If it throws, the
 * inbox ends before this message.
 */
export type InboxHandler<Data = unknown> = (message: Message<Data>) => unknown;

export interface InboxOptions {
  /** Closes the inbox when it aborts. */
  readonly signal?: AbortSignal;
  /** The shortest time between two marks, each of which tells the server the position. Milliseconds. @default 1 second */
  readonly markEveryMs?: number;
  /** Called when messages were deleted before the user read them. The next message delivered comes after the gap. */
  readonly onLost?: (gap: Gap) => unknown;
  /** @default the system's clock */
  readonly clock?: Clock;
}

export interface Inbox {
  /** The `seq` of the last message that the handler has finished; `undefined` until the server has returned the user's position. */
  readonly position: number | undefined;
  /**
   * Settles when the inbox will deliver no further message, because the inbox or the connection was closed.
   *
   * @throws what the handler threw. An inbox that is opened again begins with the same message.
   * @throws FanfareError the server's refusal, such as `forbidden`.
   */
  readonly ended: Promise<void>;
  /**
   * Delivers no further message. Settles when the handler is done, and the server has the position or cannot be reached. Never
   * rejects.
   */
  close(): Promise<void>;
}

/**
 * Delivers what the user has not read yet, and then every new message.
 *
 * @param user The user id in the connection's token.
 * @example
 * const inbox = openInbox(connection, 'ann', async ({ data }) => store(data));
 * window.addEventListener('pagehide', () => void inbox.close());
 * await inbox.ended;
 */
export function openInbox<Data = unknown>(
  connection: Connection,
  user: string,
  handler: InboxHandler<Data>,
  options?: InboxOptions,
): Inbox;
export function openInbox(
  connection: Connection,
  user: string,
  handler: InboxHandler,
  options: InboxOptions = {},
): Inbox {
  return new InboxReader(connection, user, handler, options);
}

/**
 * Tells the server up to which `seq` this user has read a channel, for all devices of the user. The position only moves forward, so
 * `0` only reads it.
 *
 * @returns the position that the server has now.
 * @throws FanfareError the server's refusal, `timeout`, `closed`.
 */
export async function mark(channel: Channel<unknown>, position: number): Promise<number> {
  return (await request(channel, 'mark', { seq: position })).seq ?? position;
}

/**
 * A mark costs a command and a write unit, so one in a second is a fiftieth of what a connection may send. If the device dies,
 * the messages of the last second are delivered again. Milliseconds.
 */
const MARK_EVERY_MS = 1_000;

class InboxReader implements Inbox {
  position: number | undefined;
  readonly ended: Promise<void>;
  readonly #channel: Channel;
  readonly #handler: InboxHandler;
  readonly #options: InboxOptions;
  readonly #clock: Clock;
  readonly #marker: Marker;
  readonly #closing = new AbortController();
  #failure: { readonly cause: unknown } | undefined;

  constructor(connection: Connection, user: string, handler: InboxHandler, options: InboxOptions) {
    const { clock = systemClock, markEveryMs = MARK_EVERY_MS } = options;
    this.#channel = connection.channel(userChannel(user));
    this.#handler = handler;
    this.#options = options;
    this.#clock = clock;
    this.#marker = new Marker((position) => mark(this.#channel, position), {
      clock,
      markEveryMs,
      onRefused: (error) => isClosed(error) || this.#fail(error),
    });
    this.ended = this.#run(connection);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.ended.catch(() => {});
  }

  #fail(cause: unknown): void {
    this.#failure ??= { cause };
    this.#closing.abort();
  }

  async #run(connection: Connection): Promise<void> {
    const stop = () => this.#closing.abort();
    const { signal } = this.#options;
    const stopWaiting = onAbort(signal, stop);
    if (signal?.aborted) stop();
    // A closed connection cannot mark, so messages that still wait must not be delivered.
    const stopListening = connection.on('state', (state) => state === 'closed' && stop());
    try {
      this.position = await this.#ask();
      while (!this.#closing.signal.aborted) await this.#read();
    } catch (error) {
      if (!isClosed(error)) this.#fail(error);
    }
    stop();
    stopListening();
    stopWaiting();
    await this.#marker.flush();
    if (this.#failure) throw this.#failure.cause;
  }

  /** The position that the server has kept; 0 if the user has never marked one. `undefined` if the inbox is closed before. */
  async #ask(): Promise<number | undefined> {
    while (!this.#closing.signal.aborted) {
      try {
        return await mark(this.#channel, 0);
      } catch (error) {
        if (!(error instanceof FanfareError && error.isRetryable)) throw error;
        await this.#pause(Math.max(MARK_EVERY_MS, error.retryAfter ?? 0));
      }
    }
    return undefined;
  }

  /** Returns when the inbox is closed, or when too many messages wait for the handler. The caller then reads on from there. */
  async #read(): Promise<void> {
    const { signal } = this.#closing;
    const { onLost } = this.#options;
    const options = { after: this.position ?? 0, signal, ...(onLost && { onLost }) };
    try {
      for await (const message of iterate(this.#channel, options)) {
        if (signal.aborted) return;
        await this.#handle(message);
      }
      this.#closing.abort();
    } catch (error) {
      if (!(error instanceof FanfareError && error.code === 'overflow')) throw error;
    }
  }

  async #handle(message: Message): Promise<void> {
    try {
      await this.#handler(message);
    } catch (error) {
      return this.#fail(error);
    }
    this.position = message.seq ?? this.position;
    this.#marker.reached(this.position ?? 0);
  }

  /** Waits, or returns at once when the inbox is closed. */
  #pause(ms: number): Promise<void> {
    const { signal } = this.#closing;
    return new Promise((resolve) => {
      const end = () => {
        cancel();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const cancel = this.#clock.after(ms, end);
      signal.addEventListener('abort', end);
    });
  }
}

/** An application that closes the connection does not make the inbox fail. */
function isClosed(error: unknown): boolean {
  return error instanceof FanfareError && error.code === 'closed';
}
