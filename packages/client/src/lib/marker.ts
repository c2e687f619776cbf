/** Tells the server how far its user has read: now and then while they read, and once more at the end. */

import type { Clock } from './platform/clock.ts';
import { FanfareError } from './wire/errors.ts';

export interface MarkerOptions {
  /** Milliseconds. */
  readonly markEveryMs: number;
  readonly clock: Clock;
  /** The server refuses marks, and will go on doing so. */
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

  /** Everything up to this position is dealt with. */
  reached(position: number): void {
    this.#reached = position;
    this.#soon();
  }

  /** What the server does not know yet it is told at once. Settles when it knows, or cannot be told. */
  async flush(): Promise<void> {
    this.#cancel?.();
    await this.#sending;
    // The answer may have planned the next one.
    this.#cancel?.();
    if (this.#reached > this.#kept) await this.#mark(this.#reached).catch(() => {});
  }

  /** What is reached until then goes into one mark. */
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
