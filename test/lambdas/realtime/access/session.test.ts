import { describe, expect, it } from 'vitest';
import { isExpired } from '../../../../lambdas/realtime/access/session.ts';
import { NOW } from '../../../memory/memory-ports.ts';

const END = NOW / 1000;

describe('a session', () => {
  it.each([
    [-1, false],
    [0, true],
    [1, true],
  ])('whose token ends is expired %i ms after its end: %s', (after, expired) => {
    expect(isExpired({ expiresAt: END }, NOW + after)).toBe(expired);
  });

  it('without a token never expires', () => {
    expect(isExpired({}, Number.MAX_SAFE_INTEGER)).toBe(false);
  });

  it('with an end of zero is expired, because zero is an end, too', () => {
    expect(isExpired({ expiresAt: 0 }, NOW)).toBe(true);
  });
});
