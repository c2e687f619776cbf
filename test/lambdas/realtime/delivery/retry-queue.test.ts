import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RetryQueue } from '../../../../lambdas/realtime/delivery/retry-queue.ts';

describe('a retry queue', () => {
  it('returns all items, the earliest due first, in any order of their arrival', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (times) => {
        const queue = new RetryQueue<number>();
        for (const at of times) queue.put(at, at);

        const taken = times.map(() => queue.takeDue(Number.MAX_SAFE_INTEGER));

        expect(taken).toEqual(times.toSorted((one, other) => one - other));
        expect(queue.takeDue(Number.MAX_SAFE_INTEGER)).toBeUndefined();
      }),
    );
  });

  it('keeps items that are not due, and says when they will be', () => {
    const queue = new RetryQueue<string>();
    queue.put('late', 20);
    queue.put('soon', 10);

    expect(queue.takeDue(9)).toBeUndefined();
    expect(queue.nextAt).toBe(10);
    expect(queue.takeDue(10)).toBe('soon');
    expect(queue.takeDue(10)).toBeUndefined();
    expect(queue.nextAt).toBe(20);
  });

  it('is emptied at once, due or not', () => {
    const queue = new RetryQueue<string>();
    queue.put('late', 20);
    queue.put('soon', 10);

    expect(queue.drain().toSorted()).toEqual(['late', 'soon']);
    expect(queue.nextAt).toBeUndefined();
  });
});
