/** Readers find every page: each is reached by links from `docs/README.md`, and no link leads nowhere. */

import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { DECISIONS_PAGE, generateDecisionsPage } from '../../docs/generate/decisions.ts';

const docs = new URL('../../docs/', import.meta.url);
const index = new URL('README.md', docs);
const front = new URL('../README.md', docs);

interface Link {
  readonly target: URL;
  /** Without the `#`; empty for a link to a whole page. */
  readonly heading: string;
}

/** Links of a page to files of this repository, except those in code. */
function linksOf(page: URL, text: string): Link[] {
  const prose = text.replaceAll(/```.*?```|`[^`\n]*`/gs, '');
  return [...prose.matchAll(/\]\((?!\w+:)([^)\s]*)\)/g)].map(([, link = '']) => {
    const target = new URL(link, page);
    const heading = target.hash.slice(1);
    target.hash = '';
    return { target, heading };
  });
}

/** The anchors of a page, as GitHub makes them of its headings. */
function anchorsOf(text: string): Set<string> {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase());
  return new Set(headings.map((heading) => heading.replaceAll(/[^\w\- ]/g, '').replaceAll(' ', '-')));
}

let pages: ReadonlyMap<string, string>;

beforeAll(async () => {
  const files = (await readdir(docs, { recursive: true })).filter((file) => file.endsWith('.md'));
  const urls = [...files.map((file) => new URL(file, docs)), front];
  pages = new Map(
    await Promise.all(urls.map(async (url) => [url.href, await readFile(url, 'utf8')] as const)),
  );
});

function allLinks(): readonly (Link & { readonly page: string })[] {
  return [...pages].flatMap(([page, text]) =>
    linksOf(new URL(page), text).map((link) => ({ page, ...link })),
  );
}

describe('the index of the documentation', () => {
  it('leads to every page', () => {
    const reached = new Set<string>();
    const waiting = [index.href];
    for (let page = waiting.pop(); page !== undefined; page = waiting.pop()) {
      if (reached.has(page)) continue;
      reached.add(page);
      const text = pages.get(page) ?? '';
      waiting.push(...linksOf(new URL(page), text).map(({ target }) => target.href));
    }

    expect(pages.size).toBeGreaterThan(60);
    expect([...pages.keys()].filter((page) => page !== front.href && !reached.has(page))).toEqual([]);
  });

  it('is linked from the front page', () => {
    expect(linksOf(front, pages.get(front.href) ?? '').map(({ target }) => target.href)).toContain(
      index.href,
    );
  });

  it('and its pages link only to files that exist', () => {
    const dead = allLinks().filter(({ target }) => !existsSync(target));

    expect(dead.map(({ page, target }) => `${page}: ${target.href}`)).toEqual([]);
  });

  it('and its pages name only headings that exist', () => {
    const links = allLinks();
    const toHeadings = links.filter(({ target, heading }) => heading !== '' && pages.has(target.href));
    const dead = toHeadings.filter(
      ({ target, heading }) => !anchorsOf(pages.get(target.href) ?? '').has(heading),
    );

    expect(toHeadings.length).toBeGreaterThan(40);
    expect(dead.map(({ page, target, heading }) => `${page}: ${target.href}#${heading}`)).toEqual([]);
  });
});

describe('every page', () => {
  /** Apart from the index, and from folders, whose pages have a form of their own. */
  const own = () => [...pages].filter(([url]) => /\/docs\/(?!README)[\w-]+\.md$/.test(url));

  it('begins with a sentence that says what it is for, before any table, list or code', () => {
    const begins = own().map(([url, text]) => ({ url, first: text.split('\n\n')[1] ?? '' }));
    const without = begins.filter(({ first }) => !/^(?:[A-Z`[]|\*\*)[^|]{20,}[.:](?:\s|$)/.test(first));

    expect(begins.length).toBeGreaterThan(25);
    expect(without).toEqual([]);
  });
});

describe('the list of decisions', () => {
  it('has every decision; npm run docs brings it up to date', async () => {
    const page = await readFile(DECISIONS_PAGE, 'utf8');

    expect(await generateDecisionsPage(page)).toBe(page);
    expect(page).toContain('](0001-own-local-runtime.md)');
  });
});
