/** The lock behind which packages are packed. */

import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import { exclusively } from '../../bin/packages/exclusive.ts';

const LONG_AGO = new Date(0);

async function newLock(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'exclusive-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return path.join(folder, 'lock');
}

it('a second process waits for the first one', async () => {
  const lock = await newLock();
  const done: string[] = [];
  const second = await exclusively(lock, async () => {
    const waiting = exclusively(lock, async () => void done.push('second'));
    await stat(lock);
    done.push('first');
    return { waiting };
  });
  await second.waiting;

  expect(done).toEqual(['first', 'second']);
});

it('a lock of a process that was killed is taken, once it is old', async () => {
  const lock = await newLock();
  await mkdir(lock);
  await utimes(lock, LONG_AGO, LONG_AGO);

  expect(await exclusively(lock, async () => 'taken')).toBe('taken');
});

it('a lock stays new as long as its process works, and is gone then', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const lock = await newLock();
  await exclusively(lock, async () => {
    await utimes(lock, LONG_AGO, LONG_AGO);
    vi.advanceTimersToNextTimer();
    while ((await stat(lock)).mtimeMs === LONG_AGO.getTime()) await setImmediate();
  });

  expect(existsSync(lock)).toBe(false);
});
