import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../packages/local/src/seeded-random.ts';

const numbers = Array.from({ length: 20 }, (_, number) => number);

describe('a seeded random number', () => {
  it('is the same for the same seed, and from 0 up to 1', () => {
    const [one, again, other] = [7, 7, 8].map((seed) => numbers.map(randomFrom(seed)));

    expect(one).toEqual(again);
    expect(one).not.toEqual(other);
    expect(one?.every((number) => number >= 0 && number < 1)).toBe(true);
  });
});
