/** The quotas of an account and the throttles of its stages, for those who ask for them: a laptop has none. */

import type { StageThrottles, Throttle } from '../template/stage-throttles.ts';
import { TokenBucket } from './token-bucket.ts';

export interface QuotaOptions {
  /** New connections of all WebSocket APIs. @default 500 a second */
  readonly connects?: Throttle;
  /** One bucket of all APIs, posts to connections included (LM-1). @default 10,000 a second, 5,000 at once */
  readonly requests?: Throttle;
  /** Milliseconds, from whenever. @default the computer's clock */
  readonly now?: () => number;
}

const CONNECTS: Throttle = { ratePerSecond: 500, burst: 500 };
const REQUESTS: Throttle = { ratePerSecond: 10_000, burst: 5_000 };

export class Quotas {
  private readonly now: () => number;
  private readonly connects: TokenBucket;
  private readonly requests: TokenBucket;

  constructor({
    connects = CONNECTS,
    requests = REQUESTS,
    now = performance.now.bind(performance),
  }: QuotaOptions) {
    this.now = now;
    this.connects = new TokenBucket(connects);
    this.requests = new TokenBucket(requests);
  }

  /** Of a post to a connection, or a request to an HTTP API. */
  readonly admitsRequest = (): boolean => this.admits([this.requests]);

  /** The throttle of one stage, below the account's: its handshakes and messages, by their route. */
  stage({ everyRoute, byRoute }: StageThrottles): StageQuota {
    const shared = everyRoute && new TokenBucket(everyRoute);
    const own = new Map([...byRoute].map(([routeKey, throttle]) => [routeKey, new TokenBucket(throttle)]));
    return (routeKey) => {
      const stage = own.get(routeKey) ?? shared;
      const account = routeKey === '$connect' ? [this.connects, this.requests] : [this.requests];
      return this.admits(stage ? [stage, ...account] : account);
    };
  }

  /** Takes of all of them, or of none. */
  private admits(buckets: readonly TokenBucket[]): boolean {
    const now = this.now();
    if (!buckets.every((bucket) => bucket.has(now))) return false;
    for (const bucket of buckets) bucket.take();
    return true;
  }
}

/** Whether a handshake or a message may take this route now. */
export type StageQuota = (routeKey: string) => boolean;

export const NO_QUOTA: StageQuota = () => true;
