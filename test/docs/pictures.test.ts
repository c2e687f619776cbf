/** The pictures in the docs: each exists, and each that exists is shown. */

import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

async function shownIn(page: string): Promise<string[]> {
  const text = await readFile(`docs/${page}`, 'utf8');
  return [...text.matchAll(/!\[[^\]]+\]\(images\/([^)]+)\)/g)].map(([, name = '']) => name);
}

describe('the pictures of the docs', () => {
  it('are on a page, and exist', async () => {
    const pages = (await readdir('docs')).filter((name) => name.endsWith('.md'));
    const shown = (await Promise.all(pages.map(shownIn))).flat();

    expect(new Set(shown)).toEqual(new Set(await readdir('docs/images')));
  });

  it('include the tour, on a desktop and on a phone', async () => {
    expect(await shownIn('first-steps.md')).toEqual(['tour-desktop.png', 'tour-phone.png']);
  });
});
