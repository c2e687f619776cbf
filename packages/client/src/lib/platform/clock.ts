/** Time, behind one interface, so that tests run without waiting. */

export interface Clock {
  /** Milliseconds since any moment. It must not jump, unlike the time of day. */
  now(): number;
  /** The time of day, in milliseconds since 1970. @default what `now()` returns */
  date?(): number;
  /** Runs something once, after `ms` milliseconds. Returns the function that cancels it. */
  after(ms: number, run: () => void): Cancel;
}

export type Cancel = () => void;

/** Sets one timer: each call cancels the timer that the last one set. Without arguments, it only cancels. */
export type Timer = (ms?: number, run?: () => void) => void;

/** The `Cancel` of a timer that was never set. */
export const nothingPlanned: Cancel = () => {};

/** `setTimeout` takes 32 bits. With a longer delay it would run at once. Milliseconds. */
const LONGEST_MS = 2_000_000_000;

export const systemClock: Clock = {
  // Not `Date.now`: people and time servers set that clock, back and forth. This one stands still while some systems sleep.
  now: () => performance.now(),
  date: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(ms, LONGEST_MS));
    return () => clearTimeout(timer);
  },
};

/** A clock for one connection: `end()` cancels all of its timers. */
export class Timers implements Clock {
  readonly #clock: Clock;
  /** The timers that are set, each with what `end()` calls. */
  readonly #planned = new Map<Cancel, () => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  date(): number {
    return this.#clock.date?.() ?? this.now();
  }

  /** Returns how long ago this call was, at least: while the system sleeps, only the time of day goes on. */
  stopwatch(): () => number {
    const now = this.now();
    const date = this.date();
    return () => Math.max(this.now() - now, this.date() - date);
  }

  after(ms: number, run: () => void, onEnd = nothingPlanned): Cancel {
    const cancelTimer = this.#clock.after(ms, () => {
      cancel();
      run();
    });
    const cancel = () => {
      this.#planned.delete(cancel);
      cancelTimer();
    };
    this.#planned.set(cancel, onEnd);
    return cancel;
  }

  timer(): Timer {
    let cancel = nothingPlanned;
    return (ms = 0, run) => {
      cancel();
      if (run) cancel = this.after(ms, run);
    };
  }

  /** Settles after `ms` milliseconds, or when the connection is closed. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve, resolve));
  }

  end(): void {
    for (const [cancel, onEnd] of this.#planned) {
      cancel();
      onEnd();
    }
  }
}
