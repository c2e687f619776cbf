/** A sandbox in a worker thread, with its own modules and variables. */

import { Worker } from 'node:worker_threads';
import { EXITED } from './outcome.ts';
import type { Sandbox, SandboxEvents, SandboxStart } from './sandbox.ts';
import { describeThrown } from './thrown.mjs';

const BOOTSTRAP = new URL('./bootstrap.mjs', import.meta.url);

/** Node needs this heap beside the memory of the function. A worker with less cannot start. */
const YOUNG_GENERATION_MB = 16;

export function threadSandbox(
  { variables, memoryMb, ...start }: SandboxStart,
  { onMessage, onEnd }: SandboxEvents,
): Sandbox {
  const worker = new Worker(BOOTSTRAP, {
    workerData: start,
    env: { ...variables },
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  });
  worker.on('message', onMessage);
  worker.on('error', (thrown: unknown) => onEnd({ kind: 'died', ...describeThrown(thrown) }));
  worker.on('exit', () => onEnd({ kind: 'died', errorType: EXITED, message: 'The environment exited.' }));
  return {
    stdout: worker.stdout,
    stderr: worker.stderr,
    send: (message) => worker.postMessage(message),
    // Node cannot stop one thread.
    freeze() {},
    thaw() {},
    kill: () => void worker.terminate(),
  };
}
