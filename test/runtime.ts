/**
 * The local runtime as tests start it. The app is synthesized once for all test files. The output of functions is searched for
 * secrets after the last test. Refused calls are shown beside the tests that fail for them.
 */

import {
  type RuntimeOptions as AllOptions,
  REFUSED,
  type Runtime,
  startRuntime as start,
} from 'fanfare-local';
import { withFanfare } from '../bin/fanfare-runtime.ts';
import { keptAssembly } from './kept-assembly.ts';
import { recordOutput } from './leaks/evidence.ts';

export type { Runtime };

/** Without `assemble`, the runtime serves Fanfare. */
export type RuntimeOptions = Partial<AllOptions>;

const A_DAY_MS = 24 * 60 * 60 * 1000;

/** A sweep that comes by the clock would fall into the middle of a test on a slow machine. A test invokes it itself, and calls `expireItems()`. */
const BY_NO_CLOCK = { firesSchedules: false, ttlIntervalMs: A_DAY_MS };

export function startRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  return start({
    ...withFanfare({ assemble: () => keptAssembly(), ...BY_NO_CLOCK, ...options }),
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
