/** Sends the server the position up to which the user has read: at intervals while the user reads, and once more at the end. */

import type { Clock } from './platform/clock.ts';
import { FanfareError } from './wire/errors.ts';

export interface MarkerOptions {
  /** The shortest time between two marks. Milliseconds. */
  readonly markEveryMs: number;
  readonly clock: Clock;
  /** The server refused a mark for a reason that time does not heal. */
  readonly onRefused: (error: FanfareError) => unknown;
}

export class Marker {
  readonly #mark: (position: number) => Promise<number>;
  readonly #options: MarkerOptions;
  #reached = 0;
  #kept = 0;
  #cancel: (() => void) | undefined;
  #sending: Promise<void> | undefined;

  constructor(mark: (position: number) => Promise<number>, options: MarkerOptions) {
    this.#mark = mark;
    this.#options = options;
  }

  /** The handler is done with every message up to this position. */
  reached(position: number): void {
    this.#reached = position;
    this.#soon();
  }

  /** Sends the last position at once, if the server does not have it. Settles when the server has it, or the mark failed. */
  async flush(): Promise<void> {
    this.#cancel?.();
    await this.#sending;
    // The mark that was under way may have planned the next one.
    this.#cancel?.();
    if (this.#reached > this.#kept) await this.#mark(this.#reached).catch(() => {});
  }

  /** Plans one mark for everything that is reached until then. */
  #soon(waitMs = this.#options.markEveryMs): void {
    if (this.#cancel || this.#reached <= this.#kept) return;
    this.#cancel = this.#options.clock.after(waitMs, () => {
      this.#sending = this.#send();
    });
  }

  async #send(): Promise<void> {
    let waitMs = this.#options.markEveryMs;
    try {
      this.#kept = await this.#mark(this.#reached);
    } catch (error) {
      if (!(error instanceof FanfareError)) return;
      if (!error.isRetryable) return void this.#options.onRefused(error);
      waitMs = Math.max(waitMs, error.retryAfter ?? 0);
    }
    this.#cancel = undefined;
    this.#soon(waitMs);
  }
}
