/** Lets through so many a second, and a burst of so many at once (TH-1). */

import type { Throttle } from '../template/stage-throttles.ts';

export class TokenBucket {
  private readonly throttle: Throttle;
  private tokens: number;
  private filledAt: number | undefined;

  constructor(throttle: Throttle) {
    this.throttle = throttle;
    this.tokens = throttle.burst;
  }

  /** Whether there is a token. @param now Milliseconds, from whenever. */
  has(now: number): boolean {
    const { ratePerSecond, burst } = this.throttle;
    const gained = ((now - (this.filledAt ?? now)) * ratePerSecond) / 1000;
    this.tokens = Math.min(burst, this.tokens + gained);
    this.filledAt = now;
    return this.tokens >= 1;
  }

  take(): void {
    this.tokens -= 1;
  }

  /** Takes a token if there is one. @param now Milliseconds, as for `has`. */
  tryTake(now: number): boolean {
    const isFree = this.has(now);
    if (isFree) this.take();
    return isFree;
  }
}
