/** Keeps each generated secret in a file, so that tokens stay valid after a restart. */

import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { StartError } from '../start-error.ts';

/** Only their owner may read them. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/**
 * Reads the secret of this name from the folder. If the file does not exist, it is written with the result of `generate`. Two processes
 * that do this at the same time get the same value.
 *
 * @throws StartError that names an empty file, because tokens with an empty key could be forged.
 */
export async function keptSecret(folder: string, name: string, generate: () => string): Promise<string> {
  const file = path.join(folder, fileNameOf(name));
  const secret = (await contentOf(file)) ?? (await keep(file, generate()));
  if (secret !== '') return secret;
  throw new StartError(`The secret in ${file} is empty; delete the file, and a new one is made.`);
}

/** Writes a new value over the kept one. A reader sees one of the two, and never a part. */
export async function replaceKeptSecret(folder: string, name: string, secret: string): Promise<void> {
  const file = path.join(folder, fileNameOf(name));
  await withUnfinished(file, secret, (unfinished) => rename(unfinished, file));
}

/** Links the new file to its name: a link fails if another process has already created the file. */
async function keep(file: string, secret: string): Promise<string> {
  try {
    await withUnfinished(file, secret, (unfinished) => link(unfinished, file));
    return secret;
  } catch (error) {
    const first = codeOf(error) === 'EEXIST' ? await contentOf(file) : undefined;
    if (first === undefined) throw error;
    return first;
  }
}

/** Writes the secret to a temporary file beside its place, and removes what is left of that file. */
async function withUnfinished(
  file: string,
  secret: string,
  finish: (unfinished: string) => Promise<void>,
): Promise<void> {
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  // Files of secrets never begin with a dot.
  const unfinished = path.join(folder, `.${randomUUID()}.tmp`);
  try {
    await writeFile(unfinished, secret, { flag: 'wx', mode: FILE_MODE });
    await finish(unfinished);
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function contentOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Different names have different files, and no name leads out of the folder. */
function fileNameOf(name: string): string {
  return name.replaceAll(/[^\w-]/gu, (character) => `%${character.codePointAt(0)?.toString(16)}`);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
