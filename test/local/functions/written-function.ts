/** A function that a test writes itself, ready to run. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { FunctionSpec } from '../../../packages/local/src/functions/execution-environment.ts';

/** Writes the module, and removes it at the end of the test. */
export async function writtenFunction(
  source: string,
  changes: Partial<FunctionSpec> = {},
): Promise<FunctionSpec> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fanfare-test-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(path.join(folder, 'index.mjs'), source);
  return {
    name: 'Written',
    folder,
    handler: 'index.handler',
    runtime: 'nodejs22.x',
    memoryMb: 128,
    timeoutMs: 10_000,
    variables: {},
    ...changes,
  };
}
