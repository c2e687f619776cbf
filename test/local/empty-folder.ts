/** A folder of one test's own, gone when the test is over. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

export async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fanfare-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
