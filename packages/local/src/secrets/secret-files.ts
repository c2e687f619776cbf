/** Keeps generated secrets on the disk, one file each, so that a token of yesterday is good today. */

import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { StartError } from '../start-error.ts';

/** Only their owner may read them. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/**
 * The secret of this name in the folder; if there is none yet, what `generate` returns, which is kept from then on.
 * Of two processes that do this at once, both get the same value.
 *
 * @throws StartError that names an empty file: as a key, nothing at all would open every door.
 */
export async function keptSecret(folder: string, name: string, generate: () => string): Promise<string> {
  const file = path.join(folder, fileNameOf(name));
  const secret = (await contentOf(file)) ?? (await keep(file, generate()));
  if (secret !== '') return secret;
  throw new StartError(`The secret in ${file} is empty; delete the file, and a new one is made.`);
}

/** Written apart and then linked: a link never replaces what another process was faster to put there. */
async function keep(file: string, secret: string): Promise<string> {
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  // No name of a secret has a dot here.
  const unfinished = path.join(folder, `.${randomUUID()}.tmp`);
  try {
    await writeFile(unfinished, secret, { flag: 'wx', mode: FILE_MODE });
    await link(unfinished, file);
    return secret;
  } catch (error) {
    const first = codeOf(error) === 'EEXIST' ? await contentOf(file) : undefined;
    if (first === undefined) throw error;
    return first;
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

/** Unlike names have unlike files, and none leads out of the folder. */
function fileNameOf(name: string): string {
  return name.replaceAll(/[^\w-]/gu, (character) => `%${character.codePointAt(0)?.toString(16)}`);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
