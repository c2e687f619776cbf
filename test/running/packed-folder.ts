/** The folder of our packed packages (`test/packages/packed.ts`): empty before the first test of a run, and removed after the last one. */

import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { removeUnused } from '../../lib/assembly/kept-folders.ts';

/** The variable with the folder, for the processes of the test files. */
const FOLDER = 'FANFARE_PACKED';

/** Below the repository, so that what is unpacked here finds its dependencies. Git ignores it. */
const ABOVE = fileURLToPath(new URL('../../.local/packed', import.meta.url));

export default async function setup() {
  // A run that was killed has left its folder.
  await removeUnused(ABOVE);
  const folder = await mkdtemp(path.join(ABOVE, 'run-'));
  process.env[FOLDER] = folder;
  return () => rm(folder, { recursive: true });
}

export function packedFolder(): string {
  const folder = process.env[FOLDER];
  if (folder === undefined) throw new Error(`Only a run of the tests sets ${FOLDER}`);
  return folder;
}
