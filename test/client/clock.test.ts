/** The system's time. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../packages/client/src/lib/platform/clock.ts';

describe('a timer of the system', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each([2 ** 31, 1e15, Number.POSITIVE_INFINITY])('of %d ms does not run at once', (ms) => {
    const run = vi.fn();
    systemClock.after(ms, run);

    vi.advanceTimersByTime(24 * 3_600_000);

    expect(run).not.toHaveBeenCalled();
  });
});
