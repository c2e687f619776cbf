import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyLocks } from '../../../packages/local/src/dynamodb/key-locks.ts';

const everythingElse = () => new Promise(setImmediate);

function held() {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { ended, end };
}

describe('key locks', () => {
  it('makes a request for a key wait for its holder, and for no other request', async () => {
    const locks = new KeyLocks();
    const { ended, end } = held();
    const log: string[] = [];
    const all = [
      locks.holding(['a', 'b'], () => ended.then(() => log.push('first'))),
      locks.holding(['b', 'c'], async () => log.push('second')),
      locks.holding(['d'], async () => log.push('other')),
    ];
    await everythingElse();
    log.push('end');
    end();
    await Promise.all(all);

    expect(log).toEqual(['other', 'end', 'first', 'second']);
  });

  it('return the result of the task, and run the next task after a failure', async () => {
    const locks = new KeyLocks();
    const failed = locks.holding(['a'], () => Promise.reject(new Error('bad')));
    const next = locks.holding(['a'], async () => 'done');

    await expect(failed).rejects.toThrow('bad');
    expect(await next).toBe('done');
  });

  it('never let two hold a key, keep the order of each key, end, and forget it', async () => {
    const requests = fc.array(fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 }), {
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(requests, async (all) => {
        const locks = new KeyLocks();
        const holders = new Set<string>();
        const orders = new Map<string, number[]>();
        await Promise.all(
          all.map((keys, index) =>
            locks.holding(keys, async () => {
              for (const key of keys) {
                expect(holders.has(key)).toBe(false);
                holders.add(key);
                orders.set(key, [...(orders.get(key) ?? []), index]);
              }
              await everythingElse();
              for (const key of keys) holders.delete(key);
            }),
          ),
        );
        for (const order of orders.values()) expect(order).toEqual(order.toSorted((a, b) => a - b));
        expect(locks.size).toBe(0);
      }),
      { numRuns: 40 },
    );
  });
});
