/** A token bucket, as API Gateway describes its throttling (TH-1) and Lambda its scaling. */

export interface Rate {
  readonly perSecond: number;
  /** What may be taken at once after a rest. */
  readonly burst: number;
}

export class TokenBucket {
  private readonly rate: Rate;
  private tokens: number;
  private refilledAt: number;

  constructor(rate: Rate, now: number) {
    this.rate = rate;
    this.tokens = rate.burst;
    this.refilledAt = now;
  }

  /** Takes a token if there is one. Milliseconds since 1970. */
  take(now: number): boolean {
    const refill = ((now - this.refilledAt) / 1000) * this.rate.perSecond;
    this.tokens = Math.min(this.rate.burst, this.tokens + refill);
    this.refilledAt = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
