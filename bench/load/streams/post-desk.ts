/** The posts of an account by their number. Those of workers are not simulated one by one: together they take their time at the pace of a stage. */

import type { Throttle } from '../../../packages/local/src/template/stage-throttles.ts';

export class PostDesk {
  /** Posts that were accepted, or will be. */
  posts = 0;
  private freeAt = 0;
  private readonly throttle: Throttle;

  constructor(throttle: Throttle) {
    this.throttle = throttle;
  }

  /** A single post. It is refused while the account is behind by more than its burst. */
  tryTake(now: number): boolean {
    const { burst, ratePerSecond } = this.throttle;
    if (this.freeAt - now > (burst * 1000) / ratePerSecond) return false;
    this.take(now, 1);
    return true;
  }

  /** All posts of a worker. @returns when the last one is accepted. */
  take(now: number, posts: number): number {
    this.posts += posts;
    this.freeAt = Math.max(this.freeAt, now) + (posts * 1000) / this.throttle.ratePerSecond;
    return this.freeAt;
  }
}
