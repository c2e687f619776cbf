import { describe, expect, it } from 'vitest';
import { Lifetime } from '../../../lambdas/fallback/lifetime.ts';
import { Pace } from '../../../lambdas/fallback/pace.ts';

const MB = 1024 * 1024;

describe('a lifetime', () => {
  it('is closing 20 s before it is over', () => {
    const lifetime = new Lifetime(1_000, 60_000);

    expect([40_999, 41_000].map((now) => lifetime.isClosing(now, 0))).toEqual([false, true]);
    expect([60_999, 61_000].map((now) => lifetime.isOver(now))).toEqual([false, true]);
  });

  it('that is short is closing for its second half', () => {
    const lifetime = new Lifetime(0, 4_000);

    expect([1_999, 2_000].map((now) => lifetime.isClosing(now, 0))).toEqual([false, true]);
  });

  it('is over soon when the platform is near its limit of bytes', () => {
    const lifetime = new Lifetime(0, 870_000);

    expect(lifetime.isClosing(5_000, 180 * MB - 1)).toBe(false);
    expect(lifetime.isClosing(5_000, 180 * MB)).toBe(true);
    expect([24_999, 25_000].map((now) => lifetime.isOver(now))).toEqual([false, true]);
  });

  it('is not prolonged by more bytes', () => {
    const lifetime = new Lifetime(0, 870_000);
    lifetime.isClosing(5_000, 180 * MB);
    lifetime.isClosing(15_000, 185 * MB);

    expect(lifetime.isOver(25_000)).toBe(true);
  });
});

describe('the pace of a reader', () => {
  it('slows down to twice a second while nothing comes, and is quick again with the first frame', () => {
    const pace = new Pace();
    const pauses = Array.from({ length: 10 }, () => pace.next('nothing'));

    expect(pauses[0]).toBeLessThan(150);
    expect(pauses).toEqual(pauses.toSorted((one, other) => one - other));
    expect(pauses.at(-1)).toBe(500);
    expect(pace.next('some')).toBe(100);
    expect(pace.next('nothing')).toBe(130);
  });

  it('does not wait while there is more to read', () => {
    expect(new Pace().next('a full page')).toBe(0);
  });
});
