/** The table of facts in `docs/smoke.md`: `npm run docs` writes it, and a test fails when it is out of date. */

import { readFile, writeFile } from 'node:fs/promises';
import { chosenGroups } from '../../smoke/groups.ts';
import { withGeneratedParts } from './generated-parts.ts';

export const SMOKE_PAGE = new URL('../smoke.md', import.meta.url);

/** The page with its table as it should be. */
export function generateSmokePage(page: string): string {
  return withGeneratedParts(page, { facts });
}

function facts(): string {
  const groups = chosenGroups({ groups: [], slow: true });
  const rows = groups.flatMap(([group, { facts: all }]) =>
    all.map(({ name, number = '', expected }) => `| \`${group}/${name}\` | ${number} | ${expected} |`),
  );
  return ['| fact | number | what should be seen |', '| --- | --- | --- |', ...rows].join('\n');
}

export async function writeSmokePage(): Promise<void> {
  await writeFile(SMOKE_PAGE, generateSmokePage(await readFile(SMOKE_PAGE, 'utf8')));
}
