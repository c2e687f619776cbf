/**
 * What must not compile. `npm run types` is the test: the compiler reports each `@ts-expect-error` above a line without an error.
 * This file checks that the compiler reads these lines, and that each promise of the docs has one.
 */

import { readdirSync, readFileSync } from 'node:fs';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';

const folder = new URL('./', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.should-not-compile.ts'));
const sources = files.map((file) => readFileSync(new URL(file, folder), 'utf8'));

const lines = sources.flatMap((source) => source.split('\n'));
const expected = lines.filter((line) => line.includes('@ts-expect-error'));

describe('lines that must not compile', () => {
  it('are in eight files', () => {
    expect(files).toHaveLength(8);
  });

  it.each(files)('are in %s, beside lines that compile', (file) => {
    const source = readFileSync(new URL(file, folder), 'utf8');

    expect(source.match(/@ts-expect-error -- /g)?.length).toBeGreaterThan(3);
    expect(source).not.toMatch(/@ts-(ignore|nocheck)/);
  });

  it('each name the promise that they keep', () => {
    expect(expected.filter((line) => !/^\s*\/\/ @ts-expect-error -- .{10,}$/.test(line))).toEqual([]);
  });

  it('are read by the compiler', () => {
    const settings = v.object({ exclude: v.array(v.string()), include: v.optional(v.never()) });
    const config: unknown = JSON.parse(readFileSync(new URL('../../tsconfig.json', folder), 'utf8'));

    expect(v.parse(settings, config).exclude.filter((path) => 'test/types/'.startsWith(path))).toEqual([]);
  });
});

describe('the promise that something does not compile', () => {
  it.each([
    ['docs/deploy-checks.md', 'anything else does not compile'],
    ['docs/smoke.md', 'the tests do not compile'],
    ['CONTRIBUTING.md', 'Nothing compiles until the line is there'],
    ['lib/functions/bindings.ts', 'does not compile until it is bound here'],
    ['lib/functions/triggers.ts', 'does not compile until it is wired here'],
  ])('of %s has a line that names the page', (page, words) => {
    expect(readFileSync(new URL(`../../${page}`, folder), 'utf8')).toContain(words);
    expect(expected.filter((line) => line.includes(`(${page})`))).not.toEqual([]);
  });

  it.each([
    [20, 'others do not compile'],
    [30, 'does not compile'],
    [31, 'an endpoint without a rule does not compile'],
  ])('of decision %i has a line that names it', (number, words) => {
    const decisions = new URL('../../docs/decisions/', folder);
    const page = readdirSync(decisions).find((file) => file.startsWith(String(number).padStart(4, '0')));

    expect(readFileSync(new URL(page ?? '', decisions), 'utf8')).toContain(words);
    expect(expected.filter((line) => new RegExp(`decision ${number}\\b`).test(line))).not.toEqual([]);
  });
});
