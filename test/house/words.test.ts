/** Comments, names of tests and pages name the actor of a sentence, so that readers read it once. */

import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { riddlesIn, riddleWords } from './riddle-words.ts';

const root = new URL('../../', import.meta.url);

/** All files that are or will be committed, apart from deleted ones. */
function files(): string[] {
  const options = { cwd: fileURLToPath(root), encoding: 'utf8' } as const;
  const listed = (...flags: string[]) =>
    execFileSync('git', ['ls-files', ...flags], options)
      .trim()
      .split('\n');
  const deleted = new Set(listed('--deleted'));
  return listed('--cached', '--others', '--exclude-standard').filter((file) => !deleted.has(file));
}

const read = files().filter((file) => /\.(?:ts|js|mjs|cjs|md)$/.test(file));

describe('the words of this repository', () => {
  it('name the actor in every comment, name of a test and page', async () => {
    const found = await Promise.all(
      read.map(async (file) => riddlesIn(file, await readFile(new URL(file, root), 'utf8'))),
    );

    expect(read.length).toBeGreaterThan(1_000);
    expect(found.flat()).toEqual([]);
  });
});

describe('the search for riddle words', () => {
  it.each(riddleWords)('finds "%s" in a comment, in the name of a test and on a page', (word) => {
    expect(riddlesIn('a.ts', `a();\n// Here ${word} is.`)).toEqual([`a.ts:2: ${word}`]);
    expect(riddlesIn('a.test.ts', `it('lets ${word} in', run);`)).toEqual([`a.test.ts:1: ${word}`]);
    expect(riddlesIn('a.md', `# A page\n\nHere ${word} is.`)).toEqual([`a.md:3: ${word}`]);
  });

  it('finds words in capitals, and two words that a line break parts', () => {
    expect(riddlesIn('a.ts', '/**\n * Nobody sends so\n * many.\n */')).toEqual([
      'a.ts:2: Nobody',
      'a.ts:2: so many',
    ]);
  });

  it.each([
    ["const text = 'nobody // nobody';", 'in a text'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: It is source code that is read here.
    ['const text = `nobody // ${nobody /* a */} nobody`;', 'in a template'],
    ['const pattern = /nobody\\/\\/ nobody/;', 'in a pattern'],
    ['const url = "https://nobody.example.com/nobody";', 'in an address'],
    ['// https://nobodyspace.example.com', 'in a part of a longer word'],
  ])('leaves alone %s: %s', (source) => {
    expect(riddlesIn('a.ts', source)).toEqual([]);
  });

  it('finds a comment behind texts, templates and patterns that look like one', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: It is source code that is read here.
    const source = "f('//', `/* ${g(`//`)} */`, /[/*]/, a / b); // nobody";

    expect(riddlesIn('a.ts', source)).toEqual(['a.ts:1: nobody']);
  });

  it('leaves alone the code blocks of a page, and counts their lines', () => {
    const page =
      '# A page\n\n```text\n> nobody\n```\n\nHere is nobody.\n\n- In a list:\n\n  ```sh\n  nobody\n  ```\n\nSo many.';

    expect(riddlesIn('a.md', page)).toEqual(['a.md:7: nobody', 'a.md:15: So many']);
  });

  it('reads the names of tests with tables, and the templates within a name', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: It is source code that is read here.
    const inner = 'it.each(a)(`is ${b ? `nobody` : c} of nobody`, run);';
    const places = ['a.test.ts:1', 'a.test.ts:2', 'a.test.ts:2'];

    expect(riddlesIn('a.test.ts', `it.each([1])('lets nobody %s', run);\n${inner}`)).toEqual(
      places.map((place) => `${place}: nobody`),
    );
  });

  it('reads the name of a test in a template up to its end', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: It is source code that is read here.
    expect(riddlesIn('a.test.ts', 'it(`tells ${name} of nobody`, run);')).toEqual(['a.test.ts:1: nobody']);
  });
});
