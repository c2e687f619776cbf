/** A sandbox in a process: its working directory, its time zone and its end are its own, and it can be stopped between two events. */

import { fork } from 'node:child_process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { EXITED, type Failure } from './outcome.ts';
import { guard } from './process-guardian.ts';
import type { Sandbox, SandboxEvents, SandboxStart } from './sandbox.ts';

const BOOTSTRAP = fileURLToPath(new URL('./bootstrap.mjs', import.meta.url));

/** Windows has no signal that stops a process. */
const CAN_FREEZE = process.platform !== 'win32';

/** V8 ends a process with this signal when its heap is full. */
const ABORTED = 'SIGABRT';

export function processSandbox(
  { variables, memoryMb, ...start }: SandboxStart,
  { onMessage, onEnd }: SandboxEvents,
): Sandbox {
  const child = fork(BOOTSTRAP, [JSON.stringify(start)], {
    cwd: start.folder,
    env: { ...variables },
    execArgv: [`--max-old-space-size=${memoryMb}`],
    // JSON would not keep the bytes of a streamed part.
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Ctrl-C in the terminal is for the runtime, which ends its environments in order.
    detached: CAN_FREEZE,
  });
  if (CAN_FREEZE) guard(child);
  let isRunning = true;
  child.on('message', onMessage);
  child.on('error', (error) =>
    onEnd({ kind: 'died', errorType: EXITED, message: `The environment did not start: ${error.message}` }),
  );
  child.on('exit', (_code, signal) => onEnd(deathBy(signal, memoryMb)));
  const signal = (name: NodeJS.Signals) => isRunning && CAN_FREEZE && child.kill(name);
  child.once('exit', () => {
    isRunning = false;
  });
  return {
    stdout: pipeOf(child.stdout),
    stderr: pipeOf(child.stderr),
    // A message to a process that has just ended has no receiver, and its end is the answer.
    send: (message) => void child.send(message, () => {}),
    freeze: () => void signal('SIGSTOP'),
    thaw: () => void signal('SIGCONT'),
    kill: () => void child.kill('SIGKILL'),
  };
}

function deathBy(signal: NodeJS.Signals | null, memoryMb: number): Failure {
  const message =
    signal === ABORTED
      ? `The environment reached its memory limit of ${memoryMb} MB.`
      : 'The environment exited.';
  return { kind: 'died', errorType: EXITED, message };
}

function pipeOf(stream: Readable | null): Readable {
  if (!stream) throw new Error('A process without its outputs');
  return stream;
}
