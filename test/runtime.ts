/**
 * The local runtime as tests start it. The app is synthesized once for all test files. What functions print is searched for secrets
 * after the last test, and what they may not do is shown beside the tests that fail for it.
 */

import { REFUSED } from '../packages/local/src/permissions/permissions.ts';
import { type Runtime, type RuntimeOptions, startRuntime as start } from '../packages/local/src/runtime.ts';
import { keptAssembly } from './kept-assembly.ts';
import { recordOutput } from './leaks/evidence.ts';

export type { Runtime, RuntimeOptions };

export function startRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  return start({
    assemble: () => keptAssembly(),
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
