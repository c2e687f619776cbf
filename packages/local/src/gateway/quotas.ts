/** The quotas of an account and the throttles of its stages. They apply only if the user asks for them. */

import type { StageThrottles, Throttle } from '../template/stage-throttles.ts';
import { TokenBucket } from './token-bucket.ts';

export interface QuotaOptions {
  /** New connections to all WebSocket APIs. @default 500 a second */
  readonly connects?: Throttle;
  /** One bucket for all APIs, including posts to connections (LM-1). @default 10,000 a second, 5,000 at once */
  readonly requests?: Throttle;
  /** A clock in milliseconds with any zero point. @default the computer's clock */
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

  /** Whether a post to a connection or a request to an HTTP API is admitted. */
  readonly admitsRequest = (): boolean => this.admits([this.requests]);

  /** The throttle of one stage for its handshakes and messages. The account's quotas apply as well. */
  stage({ everyRoute, byRoute }: StageThrottles): StageQuota {
    const shared = everyRoute && new TokenBucket(everyRoute);
    const own = new Map([...byRoute].map(([routeKey, throttle]) => [routeKey, new TokenBucket(throttle)]));
    return (routeKey) => {
      const stage = own.get(routeKey) ?? shared;
      const account = routeKey === '$connect' ? [this.connects, this.requests] : [this.requests];
      return this.admits(stage ? [stage, ...account] : account);
    };
  }

  /** Takes a token from each bucket, or from no bucket. */
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
