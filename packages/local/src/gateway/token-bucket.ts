/** A token bucket, as API Gateway describes its throttling: a rate per second, and a burst (TH-1). */

import type { Throttle } from '../template/stage-throttles.ts';

export class TokenBucket {
  private readonly throttle: Throttle;
  private tokens: number;
  private filledAt: number | undefined;

  constructor(throttle: Throttle) {
    this.throttle = throttle;
    this.tokens = throttle.burst;
  }

  /** Whether a token is left. @param now Milliseconds with any zero point. */
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
