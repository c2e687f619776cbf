/**
 * Promises that a test has started together are not awaited one after another: if a later one rejects first, Node reports a rejection
 * that no one handles, and the run fails.
 */

import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);

/** Its examples are such loops. */
const THIS_FILE = 'test/house/started-promises.test.ts';

/** A loop whose variable is itself the promise: `for (const each of started) await expect(each).rejects…`. */
const ONE_BY_ONE = /for \(const (\w+) of [^;{}]*?\)\s*\{?\s*await (?:expect\(\1\)|\1;)/g;

const loopsIn = (source: string) => [...source.matchAll(ONE_BY_ONE)].map(([loop]) => loop);

describe('tests', () => {
  it('do not await started promises one after another', async () => {
    const options = { cwd: fileURLToPath(root), encoding: 'utf8' } as const;
    const listed = execFileSync(
      'git',
      ['ls-files', '--cached', '--others', '--exclude-standard', 'test'],
      options,
    );
    const files = listed.split('\n').filter((file) => file.endsWith('.test.ts') && file !== THIS_FILE);
    const sources = await Promise.all(files.map((file) => readFile(new URL(file, root), 'utf8')));

    expect(files.length).toBeGreaterThan(500);
    expect(sources.flatMap(loopsIn)).toEqual([]);
  });
});

describe('the search for such loops', () => {
  it.each([
    'for (const each of [a(), b()])\n  await expect(each).rejects.toThrow();',
    'for (const each of started) {\n  await each;\n}',
  ])('finds %j', (source) => {
    expect(loopsIn(source)).toHaveLength(1);
  });

  it('leaves alone a loop that starts each one when it awaits it', () => {
    expect(loopsIn('for (const each of [a, b]) await expect(each()).rejects.toThrow();')).toEqual([]);
  });
});
