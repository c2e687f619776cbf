/** What has to be gone when the process is: folders, and processes that it started. Works whatever ends the process, but SIGKILL. */

import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { removeNow } from './remove-now.ts';

/** Node runs these without waiting for anything, so each one is done when it returns. */
const duties = new Set<() => void>();

process.once('exit', () => {
  // The newest first: a process is killed before the folder is removed that it writes to.
  for (const duty of [...duties].reverse()) duty();
});

/** @returns takes it back. */
export function atExit(duty: () => void): () => void {
  duties.add(duty);
  return () => void duties.delete(duty);
}

/** A new temporary folder for as long as this process lives. */
export function folderOfProcess(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'fanfare-'));
  atExit(() => removeNow(folder));
  return folder;
}

/** Windows has no process groups. */
const HAS_GROUPS = process.platform !== 'win32';

/**
 * Starts a process that dies with this one, together with all that it starts itself. It leads a group of its own, so Ctrl-C of the
 * terminal reaches only this process, which decides.
 *
 * @param cleanUp Removes what it leaves behind. Called when it has ended, by itself or not.
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
    // All of them have ended already.
  }
}
