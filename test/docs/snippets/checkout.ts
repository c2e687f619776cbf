/** A folder that looks like the checkout to programs in it, so that they do not write into the real one. */

import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

export interface Checkout {
  readonly folder: string;
  /** Puts a file beside the project's own. */
  write(name: string, text: string): Promise<string>;
  remove(): Promise<void>;
}

export async function openCheckout(): Promise<Checkout> {
  const folder = await mkdtemp(path.join(tmpdir(), 'snippets-'));
  const names = (await readdir(ROOT)).filter((name) => !name.startsWith('.') && name !== 'tsconfig.json');
  await Promise.all(names.map((name) => symlink(path.join(ROOT, name), path.join(folder, name))));
  // It says where the packages are, and `compile` writes another one.
  await writeFile(
    path.join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: path.join(ROOT, 'tsconfig.json') }),
  );
  return {
    folder,
    async write(name, text) {
      const file = path.join(folder, name);
      await writeFile(file, text);
      return file;
    },
    remove: () => rm(folder, { recursive: true }),
  };
}
