/** The table of `examples/README.md`: `npm run docs` writes it, and a test fails when it is out of date. */

import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EXAMPLES, examples } from '../../bin/examples/examples.ts';
import { withGeneratedParts } from './generated-parts.ts';

export const EXAMPLES_PAGE = path.join(EXAMPLES, 'README.md');

/** What a reader copies: the load of the cost command, styles and markup are not among it. */
const OWN_CODE = /\.(?:tsx?|py)$/;
const LOAD = 'load.ts';

/** Lines of comments, of TypeScript and Python. */
const COMMENT = /^(?:\/\/|\/?\*|#|""")/;

/** The page with its table as it should be. */
export async function generateExamplesPage(page: string): Promise<string> {
  const rows = await Promise.all(
    examples().map(async ({ name, title, line }) => {
      const { cost, before } = await readmeOf(name);
      return `| [${title}](${name}/README.md) | ${line} | ${await ownLinesOf(name)} | ${cost} | ${before} |`;
    }),
  );
  const table = [
    '| example | what it shows | lines of own code | an hour costs | read before |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ];
  return withGeneratedParts(page, { examples: () => table.join('\n') });
}

/** Without empty lines and comments. */
export async function ownLinesOf(name: string): Promise<number> {
  const folder = path.join(EXAMPLES, name);
  const files = (await readdir(folder)).filter((file) => OWN_CODE.test(file) && file !== LOAD);
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')));
  const lines = texts.flatMap((text) => text.split('\n')).map((line) => line.trim());
  return lines.filter((line) => line !== '' && !COMMENT.test(line)).length;
}

/** @throws Error if the README does not state the cost, or what to read before. */
async function readmeOf(name: string): Promise<{ readonly cost: string; readonly before: string }> {
  const page = await readFile(path.join(EXAMPLES, name, 'README.md'), 'utf8');
  const { cost } = /An hour costs (?<cost>\$[\d.]+\d)/.exec(page)?.groups ?? {};
  const { label, target } =
    /Before it:(?:\*\*)?\s(?<label>.*?\])\((?<target>[^)]+)\)/s.exec(page)?.groups ?? {};
  if (cost === undefined || label === undefined || target === undefined)
    throw new Error(`examples/${name}/README.md must state “An hour costs $…” and “Before it: [a page](…)”.`);
  return { cost, before: `${label.replaceAll(/\s+/g, ' ')}(${target.replace('../../', '../')})` };
}

export async function writeExamplesPage(): Promise<void> {
  await writeFile(EXAMPLES_PAGE, await generateExamplesPage(await readFile(EXAMPLES_PAGE, 'utf8')));
}
