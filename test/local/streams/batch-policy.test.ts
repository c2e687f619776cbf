import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterAttempt,
  type Batch,
  withoutExpired,
} from '../../../packages/local/src/streams/batch-policy.ts';
import type { BatchResult } from '../../../packages/local/src/streams/batch-response.ts';

const FOREVER = { maximumRetryAttempts: Number.POSITIVE_INFINITY, bisects: false };
const FAILED: BatchResult = { kind: 'failed' };
const failedFrom = (index: number): BatchResult => ({ kind: 'failed-from', index });

const batch = (text: string, attempts = 0): Batch<string> => ({ items: [...text], attempts });

describe('a batch that is done', () => {
  it('leaves nothing to do', () => {
    expect(afterAttempt(batch('abc'), { kind: 'done' }, FOREVER)).toEqual({ next: [], discarded: [] });
  });
});

describe('a batch that has failed', () => {
  it('is tried again as a whole', () => {
    expect(afterAttempt(batch('abc'), FAILED, FOREVER)).toEqual({ next: [batch('abc', 1)], discarded: [] });
  });

  it('is given up when its retries are used up', () => {
    const limits = { ...FOREVER, maximumRetryAttempts: 1 };

    expect(afterAttempt(batch('abc', 0), FAILED, limits)).toEqual({ next: [batch('abc', 1)], discarded: [] });
    expect(afterAttempt(batch('abc', 1), FAILED, limits)).toEqual({ next: [], discarded: ['a', 'b', 'c'] });
  });

  it('is tried again from the failed record on', () => {
    expect(afterAttempt(batch('abc'), failedFrom(1), FOREVER).next).toEqual([batch('bc', 1)]);
    expect(afterAttempt(batch('abc'), failedFrom(0), FOREVER).next).toEqual([batch('abc', 1)]);
  });

  it('does not give up records that were done', () => {
    expect(afterAttempt(batch('abc'), failedFrom(2), { ...FOREVER, maximumRetryAttempts: 0 })).toEqual({
      next: [],
      discarded: ['c'],
    });
  });
});

describe('a batch that is bisected', () => {
  const halving = { maximumRetryAttempts: 0, bisects: true };

  it('is tried again in halves, which does not count as a retry', () => {
    expect(afterAttempt(batch('abcde'), FAILED, halving).next).toEqual([batch('abc'), batch('de')]);
  });

  it('goes on at the failed record, without those before it', () => {
    expect(afterAttempt(batch('abcde'), failedFrom(2), halving).next).toEqual([batch('cde')]);
  });

  it('is given up once it is one record', () => {
    expect(afterAttempt(batch('a'), FAILED, halving)).toEqual({ next: [], discarded: ['a'] });
  });

  it('ends with only the bad records given up, and the good records done once in order', () => {
    const records = fc.array(fc.boolean(), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(records, (isBad) => {
        const done: number[] = [];
        const lost: number[] = [];
        const pending: Batch<number>[] = [{ items: isBad.map((_, index) => index), attempts: 0 }];
        for (let next = pending.shift(); next; next = pending.shift()) {
          const failed = next.items.some((item) => isBad[item]);
          if (!failed) done.push(...next.items);
          const verdict = afterAttempt(next, failed ? FAILED : { kind: 'done' }, halving);
          lost.push(...verdict.discarded);
          pending.unshift(...verdict.next);
        }
        const all = isBad.map((_, index) => index);
        expect(lost).toEqual(all.filter((index) => isBad[index]));
        expect(done).toEqual(all.filter((index) => !isBad[index]));
      }),
    );
  });
});

describe('records that are too old', () => {
  it('are removed from a batch, and records of exactly that age are not', () => {
    const items = [{ at: 0 }, { at: 1 }, { at: 50 }];

    expect(withoutExpired(items, 101, 100)).toEqual({
      fresh: [{ at: 1 }, { at: 50 }],
      expired: [{ at: 0 }],
    });
  });
});
