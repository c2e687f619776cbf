/**
 * The system's clock for short pauses. Timers of more than a minute run when the test runs them. Those in between never run: they are
 * heartbeats and the time limits of requests, which a slow machine would reach.
 */

import type { Cancel, Clock } from 'fanfare-client';

/** The renewal of a token that is valid for an hour is longer. Milliseconds. */
const FAR_MS = 60_000;

/** Pauses before a client tries again, or polls again, are shorter. Milliseconds. */
const LIMIT_MS = 4_000;

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
    if (ms >= LIMIT_MS) return () => {};
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
