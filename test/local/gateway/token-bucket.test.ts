import { describe, expect, it } from 'vitest';
import { TokenBucket } from '../../../packages/local/src/gateway/token-bucket.ts';

const SECOND_MS = 1000;

/** How many of a hundred it lets through at this moment. */
function through(bucket: TokenBucket, now: number): number {
  let count = 0;
  for (let request = 0; request < 100; request++) {
    if (!bucket.has(now)) continue;
    bucket.take();
    count += 1;
  }
  return count;
}

describe('a token bucket', () => {
  it('lets through its burst at once, and its rate from then on (TH-1)', () => {
    const bucket = new TokenBucket({ ratePerSecond: 10, burst: 5 });

    expect([0, 0, 100, 350, 350].map((now) => through(bucket, now))).toEqual([5, 0, 1, 2, 0]);
  });

  it('saves up at most its burst', () => {
    const bucket = new TokenBucket({ ratePerSecond: 10, burst: 5 });
    through(bucket, 0);

    expect(through(bucket, 60 * SECOND_MS)).toBe(5);
  });

  it('with rate 0 and burst 0 refuses every request (TH-3)', () => {
    const bucket = new TokenBucket({ ratePerSecond: 0, burst: 0 });

    expect([0, 60 * SECOND_MS].map((now) => through(bucket, now))).toEqual([0, 0]);
  });
});
