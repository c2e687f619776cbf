import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { unreached } from '../../bin/erasure/unreached.ts';
import { DATA_PAGE, generateDataPage } from '../../docs/generate/data.ts';

it('the page about data shows the rules of the erasure and the template; npm run docs brings it up to date', async () => {
  const page = await readFile(DATA_PAGE, 'utf8');

  expect(generateDataPage(page)).toBe(page);
  expect(unreached.filter(({ what }) => !page.includes(what))).toEqual([]);
});
