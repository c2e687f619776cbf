/**
 * The local runtime as tests start it: what its functions print is searched for secrets when all tests are over, and what
 * they may not do is shown beside the tests that fail for it.
 */

import { REFUSED } from '../packages/local/src/permissions/permissions.ts';
import { type Runtime, type RuntimeOptions, startRuntime as start } from '../packages/local/src/runtime.ts';
import { recordOutput } from './leaks/evidence.ts';

export type { Runtime, RuntimeOptions };

export function startRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  return start({
    ...options,
    onOutput(functionName, line) {
      recordOutput('functions', `[${functionName}] ${line}\n`);
      options.onOutput?.(functionName, line);
    },
    onNote(sentence) {
      if (!options.onNote && sentence.startsWith(REFUSED)) process.stderr.write(`${sentence}\n`);
      options.onNote?.(sentence);
    },
  });
}
