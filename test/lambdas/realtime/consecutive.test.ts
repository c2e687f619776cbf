import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { consecutiveRuns } from '../../../lambdas/realtime/consecutive.ts';

describe('runs of numbers', () => {
  it('join neighbours, in whatever order they come', () => {
    expect(consecutiveRuns([5, 3, 4, 9, 1])).toEqual([
      { from: 1, to: 1 },
      { from: 3, to: 5 },
      { from: 9, to: 9 },
    ]);
    expect(consecutiveRuns([])).toEqual([]);
  });

  it('hold every number and no other, and never touch', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50)), (numbers) => {
        const runs = consecutiveRuns(numbers);
        const held = runs.flatMap(({ from, to }) =>
          Array.from({ length: to - from + 1 }, (_, n) => from + n),
        );

        expect(held).toEqual([...new Set(numbers)].toSorted((one, other) => one - other));
        for (const [index, { from }] of runs.entries())
          expect(from).not.toBe((runs[index - 1]?.to ?? -2) + 1);
      }),
    );
  });
});
