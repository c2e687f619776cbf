import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { watchSources } from '../../local/watch.ts';
import { Queue } from './queue.ts';

const SOURCES = ['lambdas/connect.ts', 'lambdas/actions/ping.ts', 'protocol/limits.ts', 'fanfare.config.ts'];

/** A project of empty sources that is watched, and how often it has changed. */
async function watchedProject() {
  const project = await mkdtemp(path.join(tmpdir(), 'fanfare-test-'));
  onTestFinished(() => rm(project, { recursive: true }));
  for (const source of SOURCES) {
    await mkdir(path.dirname(path.join(project, source)), { recursive: true });
    await writeFile(path.join(project, source), '');
  }
  const changes = new Queue<string>();
  const watcher = watchSources(() => changes.put('changed'), project);
  onTestFinished(() => watcher.close());
  return { project, changes };
}

describe('watchSources', () => {
  it.each(SOURCES)('calls back each time that %s is written', async (source) => {
    const { project, changes } = await watchedProject();
    await writeFile(path.join(project, source), '1');
    const first = await changes.next();
    await writeFile(path.join(project, source), '2');

    expect([first, await changes.next()]).toEqual(['changed', 'changed']);
  });

  it.each(SOURCES)('calls back each time that %s is replaced, as some editors save', async (source) => {
    const { project, changes } = await watchedProject();
    const replace = async () => {
      await writeFile(path.join(project, 'new'), '');
      await rename(path.join(project, 'new'), path.join(project, source));
    };
    await replace();
    const first = await changes.next();
    await replace();

    expect([first, await changes.next()]).toEqual(['changed', 'changed']);
  });
});
