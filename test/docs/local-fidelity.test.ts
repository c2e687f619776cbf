/** The page names a test for every fact with the status done, and each named test exists. */

import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CHOICES } from '../../packages/local/src/gateway/choices.ts';

const root = new URL('../../', import.meta.url);
const page = await readFile(new URL('docs/local-fidelity.md', root), 'utf8');

/** The number of facts in each group, from 1 on. Facts with a letter follow below. */
const groups = {
  HS: 17,
  DC: 9,
  RT: 11,
  ER: 4,
  EV: 15,
  PR: 10,
  IN: 8,
  MK: 7,
  AI: 4,
  LM: 10,
  KA: 7,
  EP: 9,
  WF: 6,
  MG: 13,
  AU: 12,
  OR: 10,
  TH: 4,
  ME: 2,
  LG: 4,
  CD: 9,
  PX: 13,
} as const;
const LETTERED = ['EV-8b'];

const facts = Object.entries(groups).flatMap(([group, count]) =>
  Array.from({ length: count }, (_, index) => `${group}-${index + 1}`),
);

const STATUSES = ['done', 'choice', 'on request', 'refused', 'not here', 'rule'];

interface Row {
  readonly fact: string;
  readonly status: string;
  readonly evidence: string;
}

const rows: readonly Row[] = [
  ...page.matchAll(
    /^\| (?<fact>[A-Z]{2}-\d+[a-z]?) \|[^|]*\| (?<status>[^|]*?) \| ?(?<evidence>[^|]*?) ?\|$/gm,
  ),
].map(({ groups: { fact = '', status = '', evidence = '' } = {} }) => ({ fact, status, evidence }));

/** `file`: "title" */
const TEST = /`(?<file>[\w./-]+)`: "(?<title>[^"]+)"/g;

/** Titles by file, as the page has them. */
const named = [...page.matchAll(TEST)].map(
  ({ groups: { file = '', title = '' } = {} }) => [file, title] as const,
);

describe('docs/local-fidelity.md', () => {
  it('has a row for every fact, once, and for no other', () => {
    const found = rows.map(({ fact }) => fact);

    expect(found.toSorted()).toEqual([...facts, ...LETTERED].toSorted());
  });

  it('gives each fact a status that it explains', () => {
    expect([...new Set(rows.map(({ status }) => status))].toSorted()).toEqual(STATUSES.toSorted());
    for (const status of STATUSES) expect(page).toContain(`- **${status}**: `);
  });

  it.each(rows.filter(({ status }) => status === 'done').map(({ fact, evidence }) => [fact, evidence]))(
    'names a test for %s, or another fact whose test shows it',
    (_fact, evidence) => {
      expect(evidence).toMatch(/`[\w./-]+`: "|: [A-Z]{2}-\d+/);
    },
  );

  it.each(named)('finds in %s the test "%s"', async (file, title) => {
    const path = file.includes('/') ? file : `local/gateway/${file}`;
    const name = path.endsWith('.contract') ? `${path}.ts` : `${path}.test.ts`;
    const source = await readFile(new URL(`test/${name}`, root), 'utf8');

    expect(titlesIn(source)).toContain(title);
  });

  it('names a test for each of the ten commonest mistakes', () => {
    const mistakes = page.split('\n').filter((line) => /^\| \d+ \|/.test(line));

    expect(mistakes).toHaveLength(10);
    for (const mistake of mistakes) expect(mistake).toMatch(TEST);
  });

  it('lists every choice that has a name, with a test', () => {
    const listed = page
      .split('\n')
      .flatMap((line) => /^\| `(?<name>\w+)` \|.*`: "/.exec(line)?.groups?.['name'] ?? []);

    expect(listed.toSorted()).toEqual(Object.keys(DEFAULT_CHOICES).toSorted());
  });
});

/** The quoted texts at the beginning of arguments: titles among other texts. */
function titlesIn(source: string): string[] {
  return [...source.matchAll(/[(\s](['"`])((?:(?!\1).)+)\1,/g)].map(([, , title = '']) => title);
}
