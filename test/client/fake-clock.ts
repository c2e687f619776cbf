/** A clock that the test moves. */

import type { Cancel, Clock } from '../../packages/client/src/lib/platform/clock.ts';

interface Timer {
  readonly due: number;
  readonly run: () => void;
}

export class FakeClock implements Clock {
  private time: number;
  private readonly timers = new Set<Timer>();
  /** How far the time of day has been set. */
  private setMs = 0;

  constructor(time = Date.UTC(2026, 10, 22)) {
    this.time = time;
  }

  now(): number {
    return this.time;
  }

  date(): number {
    return this.time + this.setMs;
  }

  /** Sets the time of day, forward or back. Durations stay what they are. */
  set(ms: number): void {
    this.setMs += ms;
  }

  after(ms: number, run: () => void): Cancel {
    const timer = { due: this.time + ms, run };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }

  /** Timers that wait. */
  get planned(): number {
    return this.timers.size;
  }

  /** Lets this time pass. Each due timer runs at its time, with all its consequences. */
  async pass(ms: number): Promise<void> {
    const until = this.time + ms;
    await settle();
    for (let next = this.next(until); next; next = this.next(until)) {
      this.timers.delete(next);
      this.time = Math.max(this.time, next.due);
      next.run();
      await settle();
    }
    this.time = until;
  }

  private next(until: number): Timer | undefined {
    const due = [...this.timers].filter((timer) => timer.due <= until);
    return due.sort((one, other) => one.due - other.due)[0];
  }
}

/** Everything that promises have to do is done; no time passes. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
