/** The one door to time, so that tests run without waiting. */

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs something once, later. Answers the function that calls it off. */
  after(ms: number, run: () => void): Cancel;
}

export type Cancel = () => void;

/** In place of a `Cancel` where nothing is planned. */
export const nothingPlanned: Cancel = () => {};

/** A longer timer overflows, and would run at once. Milliseconds. */
const LONGEST_MS = 2_000_000_000;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(ms, LONGEST_MS));
    return () => clearTimeout(timer);
  },
};

/** All timers of one connection, which end with it. */
export class Timers implements Clock {
  readonly #clock: Clock;
  /** How to call each of them off, and whom to tell if all are. */
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

  /** Shorter if the connection is closed before. */
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
