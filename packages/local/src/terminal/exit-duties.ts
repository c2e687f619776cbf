/** Removes folders and kills child processes when this process exits, for every cause except SIGKILL. */

import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { removeNow } from './remove-now.ts';

/** Node does not wait for promises at exit, so that each duty must be synchronous. */
const duties = new Set<() => void>();

process.once('exit', () => {
  // The newest runs first: a child process is killed before its folder is removed.
  for (const duty of [...duties].reverse()) duty();
});

/** @returns A function that cancels the duty. */
export function atExit(duty: () => void): () => void {
  duties.add(duty);
  return () => void duties.delete(duty);
}

/** A new temporary folder that is removed when this process exits. */
export function folderOfProcess(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'fanfare-'));
  atExit(() => removeNow(folder));
  return folder;
}

/** Windows has no process groups. */
const HAS_GROUPS = process.platform !== 'win32';

/**
 * Starts a child process that is killed when this process exits, together with its own children. It leads a process group, so that Ctrl-C
 * of the terminal reaches only this process.
 *
 * @param cleanUp Removes the files of the child. Called when the child has ended, for any reason.
 */
export function spawnGroup(
  command: string,
  args: readonly string[],
  options: SpawnOptions,
  cleanUp: (pid: number) => void = () => {},
): ChildProcess {
  const child = spawn(command, args, { ...options, detached: HAS_GROUPS });
  const ended = () => cleanUp(child.pid ?? 0);
  const done = atExit(() => {
    killGroup(child);
    ended();
  });
  child.once('close', () => {
    done();
    ended();
  });
  return child;
}

function killGroup(child: ChildProcess): void {
  if (!HAS_GROUPS || child.pid === undefined) return void child.kill('SIGKILL');
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The whole group has ended already.
  }
}
