/** The source of an example as text, which the tour shows beside its page. */

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

export interface Source {
  readonly name: string;
  readonly text: string;
}

const ENDINGS = new Set(['.ts', '.tsx', '.js', '.py', '.html', '.css']);

/** What a reader begins with. The others follow by their names, programs before pages and styles. */
const FIRST = /^(?:main|server)\./;
const LAST = /\.(?:html|css)$/;

/** It is about the cost of the example: it is no part of the program. */
const LOAD = 'load.ts';

/**
 * The files of the folder itself. Links are left out, because they may lead out of the folder, and no request names a path. So nothing
 * outside the folder can be read.
 */
export async function sourcesOf(folder: string): Promise<Source[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile() && entry.name !== LOAD && ENDINGS.has(path.extname(entry.name)))
    .map(({ name }) => name)
    .toSorted((one, other) => rank(one) - rank(other) || one.localeCompare(other));
  return Promise.all(
    names.map(async (name) => ({ name, text: await readFile(path.join(folder, name), 'utf8') })),
  );
}

function rank(name: string): number {
  if (FIRST.test(name)) return 0;
  return LAST.test(name) ? 2 : 1;
}
