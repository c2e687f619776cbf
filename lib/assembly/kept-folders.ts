/** Keeps folders from one run to the next, each under the fingerprint of its source files. */

import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { PROJECT as project } from '../bundling/bundle-folders.ts';

/** No process reads a folder for so long; a younger one may be in use by another process. Milliseconds. */
const UNUSED_MS = 24 * 60 * 60 * 1_000;

/**
 * A hash of the names and the contents of files.
 *
 * @param sources files, and folders with all that is below them, relative to the project.
 */
export async function fingerprintOf(sources: readonly string[]): Promise<Buffer> {
  const hash = createHash('sha256');
  for (const name of (await Promise.all(sources.map(filesIn))).flat().sort()) {
    const content = await readFile(path.join(project, name));
    hash.update(`${name}\0${content.byteLength}\0`).update(content);
  }
  return hash.digest();
}

async function filesIn(source: string): Promise<string[]> {
  const root = path.join(project, source);
  if (!(await stat(root)).isDirectory()) return [source];
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.relative(project, path.join(parentPath, name)));
}

/** Removes folders that are older than a day. Makes the folder itself if it does not exist. */
export async function removeUnused(kept: string): Promise<void> {
  await mkdir(kept, { recursive: true });
  for (const name of await readdir(kept)) {
    const folder = path.join(kept, name);
    const { mtimeMs } = await stat(folder);
    if (mtimeMs < Date.now() - UNUSED_MS) await rm(folder, { recursive: true, force: true });
  }
}
