/** Lets one process at a time do something, such as packing a folder that packing also builds. */

import { mkdir, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const ASK_AGAIN_MS = 200;

/** A process that was killed leaves its lock behind, and no longer renews it. Milliseconds. */
const ABANDONED_MS = 300_000;
const RENEW_MS = ABANDONED_MS / 10;

/** @param lock A folder that does not exist, except while a process has the lock. */
export async function exclusively<Result>(lock: string, run: () => Promise<Result>): Promise<Result> {
  await mkdir(path.dirname(lock), { recursive: true });
  while (!(await take(lock))) await pause(ASK_AGAIN_MS);
  const renewal = setInterval(() => void renew(lock), RENEW_MS);
  try {
    return await run();
  } finally {
    clearInterval(renewal);
    await rm(lock, { recursive: true, force: true });
  }
}

/** Only one of several processes makes a folder. */
async function take(lock: string): Promise<boolean> {
  const made = await mkdir(lock).then(
    () => true,
    () => false,
  );
  if (made) return true;
  const since = await stat(lock).then(
    ({ mtimeMs }) => mtimeMs,
    () => Date.now(),
  );
  if (Date.now() - since > ABANDONED_MS) await rm(lock, { recursive: true, force: true });
  return false;
}

/** On a machine with many other processes, what a lock guards may take longer than a lock without an owner is kept. */
async function renew(lock: string): Promise<void> {
  const now = new Date();
  await utimes(lock, now, now).catch(() => {});
}
