/** Time, behind one interface, so that tests run without waiting. */

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs something once, after `ms` milliseconds. Returns the function that cancels it. */
  after(ms: number, run: () => void): Cancel;
}

export type Cancel = () => void;

/** The `Cancel` of a timer that was never set. */
export const nothingPlanned: Cancel = () => {};

/** `setTimeout` takes 32 bits. With a longer delay it would run at once. Milliseconds. */
const LONGEST_MS = 2_000_000_000;

export const systemClock: Clock = {
  now: () => Date.now(),
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
