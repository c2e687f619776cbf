/** The pictures in the docs: each exists, and each that exists is shown. */

import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

async function shownIn(page: string): Promise<string[]> {
  const text = await readFile(page, 'utf8');
  return [...text.matchAll(/!\[[^\]]+\]\((?:\.\.\/\.\.\/docs\/)?images\/([^)]+)\)/g)].map(
    ([, name = '']) => name,
  );
}

describe('the pictures of the docs', () => {
  it('are all shown, and all there', async () => {
    const pages = (await readdir('docs'))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`);
    const examples = (await readdir('examples')).map((name) => `examples/${name}/README.md`);
    const shown = (await Promise.all([...pages, ...examples.filter(existsSync)].map(shownIn))).flat();

    expect(new Set(shown)).toEqual(new Set(await readdir('docs/images')));
  });

  it('include the tour, on a desktop and on a phone, light and dark, and an open example', async () => {
    expect(await shownIn('docs/first-steps.md')).toEqual([
      'tour-desktop.png',
      'tour-phone.png',
      'tour-dark.png',
      'tour-example.png',
      'tour-code.png',
    ]);
  });
});
