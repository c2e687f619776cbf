import { describe, expect, it } from 'vitest';
import { primed } from '../../../lambdas/realtime/primed.ts';
import { collect } from '../../memory/memory-ports.ts';

describe('a primed iterable', () => {
  it('has begun before anybody asks for its first item', () => {
    let hasBegun = false;

    primed(
      (async function* () {
        hasBegun = true;
        yield 1;
      })(),
    );

    expect(hasBegun).toBe(true);
  });

  it('yields everything once, in order', async () => {
    const numbers = primed(
      (async function* () {
        yield* [1, 2, 3];
      })(),
    );

    expect(await collect(numbers)).toEqual([1, 2, 3]);
  });

  it('fails for its consumer, and for nobody if there is none', async () => {
    const failing = () =>
      primed({
        [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('throttled')) }),
      });

    failing();
    await expect(collect(failing())).rejects.toThrow('throttled');
  });
});
