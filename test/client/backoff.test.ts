/** Delays between attempts. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delayMs } from '../../packages/client/src/lib/settings/backoff.ts';

const policy = { baseMs: 500, capMs: 30_000, stableMs: 10_000 };
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('the delay', () => {
  it.each([
    [0, 499],
    [1, 999],
    [5, 15_999],
    [6, 29_999],
    [1_000, 29_999],
  ])('after %i failures is at most %i ms', (failures, longest) => {
    expect(Math.floor(delayMs(failures, policy, 0.999_999))).toBe(longest);
    expect(delayMs(failures, policy, 0)).toBe(0);
  });

  it('is spread over the whole range, never above the cap, and grows with the failures', () => {
    fc.assert(
      fc.property(fc.nat(10_000), random, (failures, chance) => {
        const delay = delayMs(failures, policy, chance);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThan(policy.capMs);
        expect(delayMs(failures + 1, policy, chance)).toBeGreaterThanOrEqual(delay);
      }),
    );
  });
});
