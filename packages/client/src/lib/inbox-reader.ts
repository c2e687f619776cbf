/** One user's reading of their inbox: from where the server says they are, one message after the other, until it ends. */

import { userChannel } from 'fanfare-protocol/channel';
import type { Message } from 'fanfare-protocol/message';
import type { Inbox, InboxHandler, InboxOptions } from '../inbox.ts';
import type { Channel } from './channel/channel.ts';
import type { Connection } from './connection.ts';
import { Marker } from './marker.ts';
import { type Clock, systemClock } from './platform/clock.ts';
import { FanfareError } from './wire/errors.ts';

/**
 * A mark is a command and a write unit, and what came since the last one comes again if the device dies: a fiftieth of what a
 * connection may ask for, and a second of messages. Milliseconds.
 */
const MARK_EVERY_MS = 1_000;

export class InboxReader implements Inbox {
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
    this.#marker = new Marker((position) => this.#channel.mark(position), {
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
    signal?.addEventListener('abort', stop);
    if (signal?.aborted) stop();
    // What is still waiting then could not be marked any more.
    const stopListening = connection.on('state', (state) => state === 'closed' && stop());
    try {
      this.position = await this.#ask();
      while (!this.#closing.signal.aborted) await this.#read();
    } catch (error) {
      if (!isClosed(error)) this.#fail(error);
    }
    stop();
    stopListening();
    signal?.removeEventListener('abort', stop);
    await this.#marker.flush();
    if (this.#failure) throw this.#failure.cause;
  }

  /** Where the user is: before everything if nothing was ever marked. */
  async #ask(): Promise<number | undefined> {
    while (!this.#closing.signal.aborted) {
      try {
        return await this.#channel.mark(0);
      } catch (error) {
        if (!(error instanceof FanfareError && error.isRetryable)) throw error;
        await this.#pause(Math.max(MARK_EVERY_MS, error.retryAfter ?? 0));
      }
    }
    return undefined;
  }

  /** Until it is closed; or until too much waits for the handler, to begin again where that is then. */
  async #read(): Promise<void> {
    const { signal } = this.#closing;
    const { onLost } = this.#options;
    const options = { after: this.position ?? 0, signal, ...(onLost && { onLost }) };
    try {
      for await (const message of this.#channel.messages(options)) {
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

  /** Shorter if it is closed before. */
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

/** Whoever closes the connection does not fail. */
function isClosed(error: unknown): boolean {
  return error instanceof FanfareError && error.code === 'closed';
}
