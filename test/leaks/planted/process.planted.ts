/** Leaks by a process that a test starts. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { it } from 'vitest';
import { recordProcess, recordSecret } from '../evidence.ts';

it('starts a process that prints its secret', async () => {
  recordSecret('planted-in-a-process');

  const child = spawn(process.execPath, ['--eval', 'console.error("This is planted-in-a-process.")']);
  recordProcess(child);

  await once(child, 'close');
});
