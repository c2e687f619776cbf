/** The generated parts of `docs/security.md`: every door with its checks. */

import { readFile, writeFile } from 'node:fs/promises';
import { defenceTable, doorNotes, doorTable } from './doors/page.ts';
import { withGeneratedParts } from './generated-parts.ts';

export const SECURITY_PAGE = new URL('../security.md', import.meta.url);

const sections: Readonly<Record<string, () => string>> = {
  doors: doorTable,
  doorNotes,
  defences: defenceTable,
};

/** The page with its generated parts as they should be. */
export function generateSecurityPage(page: string): string {
  return withGeneratedParts(page, sections);
}

export async function writeSecurityPage(): Promise<void> {
  await writeFile(SECURITY_PAGE, generateSecurityPage(await readFile(SECURITY_PAGE, 'utf8')));
}
