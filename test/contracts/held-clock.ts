/** The system's clock, except that timers of more than a minute run when the test runs them. */

import type { Cancel, Clock } from 'fanfare-client';

/** Heartbeats, delays and time limits of requests are shorter. The renewal of a token that is valid for an hour is longer. */
const FAR_MS = 60_000;

interface Plan {
  readonly ms: number;
  readonly run: () => void;
}

export class HeldClock implements Clock {
  readonly #far = new Set<Plan>();

  now(): number {
    return Date.now();
  }

  after(ms: number, run: () => void): Cancel {
    if (ms >= FAR_MS) {
      const plan = { ms, run };
      this.#far.add(plan);
      return () => void this.#far.delete(plan);
    }
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  }

  /** Runs all timers of more than a minute now, and returns their delays in milliseconds. */
  runFar(): readonly number[] {
    const plans = [...this.#far];
    this.#far.clear();
    for (const { run } of plans) run();
    return plans.map(({ ms }) => ms);
  }
}
