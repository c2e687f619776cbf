import { describe, expect, it } from 'vitest';
import { LATE_MS } from '../../../../lambdas/realtime/presence/presence-state.ts';
import { LONGEST_WINDOW_MS, windowMs } from '../../../../lambdas/realtime/presence/window.ts';

describe('the window of a channel', () => {
  it.each([
    [0, 100],
    [1, 100],
    [4, 400],
    [10, 1_000],
    [1_500, 1_000],
    [3_000, 2_000],
    [10_000, 6_667],
    [45_000, 30_000],
    [1_000_000, 30_000],
  ])('for %i subscribers is %i ms', (audience, ms) => {
    expect(windowMs(audience)).toBe(ms);
  });

  it('lets no channel of up to 45,000 subscribers cause more than 1,500 posts in a second', () => {
    for (let audience = 10; audience <= 45_000; audience += 10)
      expect(audience * 1_000).toBeLessThanOrEqual(1_500 * windowMs(audience));
  });

  it('is never so long that a user who waits for it counts as forgotten', () => {
    expect(LONGEST_WINDOW_MS).toBeLessThanOrEqual(LATE_MS);
  });

  it('of a channel that 10,000 users join in ten minutes causes a million posts at most', () => {
    let [posts, longest] = [0, 0];
    for (let ms = 0; ms < 600_000; ) {
      const audience = Math.ceil((ms / 600_000) * 10_000);
      const length = windowMs(audience);
      posts += audience;
      longest = Math.max(longest, length);
      ms += length;
    }
    process.stdout.write(
      `10,000 joins in ten minutes: ${posts} posts, a join waits ${longest} ms at most.\n`,
    );

    expect(posts).toBeLessThanOrEqual(1_000_000);
  });
});
