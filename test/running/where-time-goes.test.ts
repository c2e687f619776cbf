/** The report at the end of a run says where the time went. */

import { describe, expect, it } from 'vitest';
import { type FileTime, linesOf } from './where-time-goes.ts';

const time = (file: string, tests: number): FileTime => ({ file, tests, imports: 1, start: 0.5 });

describe('the report of where the time went', () => {
  it('adds up the files of each folder, the slowest folder first', () => {
    const lines = linesOf([
      time('test/a/x/one.test.ts', 1),
      time('test/b/two.test.ts', 5),
      time('test/a/3.test.ts', 2),
    ]);

    expect(lines.slice(-4)).toEqual([
      '   tests imports   start  files  folder',
      '     5.0     1.0     0.5      1  test/b',
      '     3.0     2.0     1.0      2  test/a',
      '     8.0     3.0     1.5      3  all',
    ]);
  });

  it('names the ten slowest files, the slowest first', () => {
    const lines = linesOf(Array.from({ length: 12 }, (_, index) => time(`test/a/${index}.test.ts`, index)));

    expect(lines.slice(1, 12)).toEqual([
      ...Array.from(
        { length: 10 },
        (_, index) => `${(11 - index).toFixed(1).padStart(8)}  test/a/${11 - index}.test.ts`,
      ),
      '',
    ]);
  });
});
