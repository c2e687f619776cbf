import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { examples } from '../../bin/examples/examples.ts';
import { EXAMPLES_PAGE, generateExamplesPage, ownLinesOf } from '../../docs/generate/examples.ts';

describe('the page about the examples', () => {
  it('has a row for each; npm run docs brings it up to date', async () => {
    const page = await readFile(EXAMPLES_PAGE, 'utf8');

    expect(await generateExamplesPage(page)).toBe(page);
    for (const { name } of examples()) expect(page).toContain(`(${name}/README.md)`);
  });

  it('counts lines of code, and neither comments nor the load', async () => {
    expect(await ownLinesOf('chat')).toBeGreaterThan(80);
    expect(await ownLinesOf('chat')).toBeLessThan(130);
  });
});
