/** The table of rules in `docs/conformance.md`: `npm run docs` writes it, and a test fails when it is out of date. */

import { readFile, writeFile } from 'node:fs/promises';
import { rules } from '../../conformance/rules.ts';
import { withGeneratedParts } from './generated-parts.ts';

export const CONFORMANCE_PAGE = new URL('../conformance.md', import.meta.url);

/** The page with its table as it should be. */
export function generateConformancePage(page: string): string {
  return withGeneratedParts(page, { rules: table });
}

function table(): string {
  const rows = rules.map(
    ({ section, name, statement, signedIn }) =>
      `| \`${section}/${name}\` | ${signedIn ? 'yes' : ''} | ${statement} |`,
  );
  return ['| rule | needs a token | the server |', '| --- | --- | --- |', ...rows].join('\n');
}

export async function writeConformancePage(): Promise<void> {
  await writeFile(CONFORMANCE_PAGE, generateConformancePage(await readFile(CONFORMANCE_PAGE, 'utf8')));
}
