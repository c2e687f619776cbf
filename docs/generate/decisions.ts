/** The list of decisions in `docs/decisions/README.md`: `npm run docs` writes it, and a test fails when it is out of date. */

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { withGeneratedParts } from './generated-parts.ts';

const FOLDER = new URL('../decisions/', import.meta.url);

export const DECISIONS_PAGE = new URL('README.md', FOLDER);

/** The page with its list as it should be. */
export async function generateDecisionsPage(page: string): Promise<string> {
  const list = await decisions();
  return withGeneratedParts(page, { decisions: () => list });
}

/** A line for each decision, in the order of their numbers. */
async function decisions(): Promise<string> {
  const files = (await readdir(FOLDER)).filter((name) => /^\d{4}-.+\.md$/.test(name)).sort();
  const lines = await Promise.all(files.map(async (file) => `- [${await titleOf(file)}](${file})`));
  return lines.join('\n');
}

/** @throws Error for a page that does not begin with a title. */
async function titleOf(file: string): Promise<string> {
  const title = /^# (.+)\n/.exec(await readFile(new URL(file, FOLDER), 'utf8'))?.[1];
  if (title === undefined) throw new Error(`docs/decisions/${file} does not begin with a title`);
  return title;
}

export async function writeDecisionsPage(): Promise<void> {
  await writeFile(DECISIONS_PAGE, await generateDecisionsPage(await readFile(DECISIONS_PAGE, 'utf8')));
}
