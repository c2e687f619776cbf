/** The README of each example with a page: what it shows, what to read, what an hour costs, and where the figure is from. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { EXAMPLES, examples } from '../../bin/examples/examples.ts';

const loadModule = v.object({ load: v.object({ what: v.string() }) });

/** Words of a page, however its lines are broken. */
const wordsOf = (text: string) => text.replaceAll(/\s+/g, ' ');

describe.each(examples())('the README of the example $name', ({ name, title }) => {
  const file = (inside: string) => path.join(EXAMPLES, name, inside);

  it('states what an hour costs, of the load that the command named beside it runs', async () => {
    const page = wordsOf(await readFile(file('README.md'), 'utf8'));
    const { load } = v.parse(loadModule, await import(pathToFileURL(file('load.ts')).href));

    expect(page).toContain(`# ${title} `);
    expect(page).toMatch(/An hour costs \$\d+\.\d{2,3}/);
    expect(page).toContain(load.what);
    expect(page).toContain(`\`npm run -s cost -- ${name}\``);
  });

  it('has ten sentences or so, and links to files that exist', async () => {
    const page = await readFile(file('README.md'), 'utf8');
    const links = [...page.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link = '']) => link);

    expect(page.split('\n').length).toBeLessThan(20);
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter((link) => !existsSync(file(link)))).toEqual([]);
  });
});
