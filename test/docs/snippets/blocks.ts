/** The code blocks of README and docs, as they are printed. */

import { readdir, readFile } from 'node:fs/promises';

const root = new URL('../../../', import.meta.url);

export interface Block {
  /** Below the root of the project. */
  readonly file: string;
  readonly language: string;
  readonly code: string;
  /** The file and the first line, which are the key in the table. */
  readonly name: string;
}

/** Pages at the root, and those that the packages bring along. */
const READMES = ['README.md', 'CONTRIBUTING.md', 'packages/client/README.md', 'packages/local/README.md'];

/** @returns every block of these and of the pages in `docs/`, in order. */
export async function readBlocks(): Promise<Block[]> {
  const inDocs = await readdir(new URL('docs/', root), { recursive: true });
  const pages = inDocs.filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`);
  const files = [...READMES, ...pages.toSorted()];
  const blocks = await Promise.all(
    files.map(async (file) => blocksOf(file, await readFile(new URL(file, root), 'utf8'))),
  );
  return blocks.flat();
}

/** Blocks may be indented, in lists; a block without a language has the empty one. */
const BLOCK = /^(?<indent> *)```(?<language>\w*)\n(?<code>.*?)^\k<indent>```$/gms;

export function blocksOf(file: string, text: string): Block[] {
  return [...text.matchAll(BLOCK)].map(({ groups: { indent = '', language = '', code = '' } = {} }) => {
    const printed = code.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
    return { file, language, code: printed, name: `${file}: ${printed.split('\n')[0]?.trim()}` };
  });
}
