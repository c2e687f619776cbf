/** Runs a command until it has printed what it should print, or has ended. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Run {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** It is ended once this was printed: some programs go on until they are stopped. */
  readonly until?: string | undefined;
}

/** @returns everything that it printed. */
export async function runProcess(command: string, args: readonly string[], run: Run): Promise<string> {
  // A group of its own, so that all of its child processes end with it.
  const child = spawn(command, args, {
    cwd: run.cwd,
    env: { ...process.env, ...run.env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  let printed = '';
  const end = () => {
    try {
      if (child.pid) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      if (run.until !== undefined && printed.includes(run.until)) end();
    });
  }
  await closed;
  return printed;
}
