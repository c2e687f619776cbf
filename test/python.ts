/** A Python that is installed on the machine and has `websockets` (on Debian: the package `python3-websockets`); none is downloaded. */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const candidates = (process.env['PATH'] ?? '')
  .split(path.delimiter)
  .map((folder) => path.join(folder, 'python3'))
  .filter(existsSync);

const found = candidates.find((python) => spawnSync(python, ['-c', 'import websockets']).status === 0);

/** True on a machine without one; but not in CI, where a skipped suite would pass for a good one. */
export const isPythonMissing = found === undefined && !process.env['CI'];

/** @throws Error if the machine has no such Python. */
export function pythonWithWebsockets(): string {
  if (found === undefined)
    throw new Error('No python3 of the PATH has websockets: install python3-websockets.');
  return found;
}
