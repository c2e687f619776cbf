/** The local runtime as tests start it: what its functions print is searched for secrets when all tests are over. */

import { type Runtime, type RuntimeOptions, startRuntime as start } from '../local/runtime.ts';
import { recordOutput } from './leaks/evidence.ts';

export type { Runtime, RuntimeOptions };

export function startRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  return start({
    ...options,
    onOutput(functionName, line) {
      recordOutput('functions', `[${functionName}] ${line}\n`);
      options.onOutput?.(functionName, line);
    },
  });
}
