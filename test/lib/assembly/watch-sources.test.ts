import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Watching } from 'fanfare-local';
import { describe, expect, it, onTestFinished } from 'vitest';
import { watchSources } from '../../../lib/assembly/watch-sources.ts';
import { Queue } from '../../local/queue.ts';

const SOURCES = [
  'lambdas/connect.ts',
  'lambdas/actions/ping.ts',
  'lib/storage.ts',
  'packages/local/src/site/site.ts',
  'packages/protocol/src/limits.ts',
  'fanfare.config.ts',
  'cdk.json',
];

/** A project of empty sources that is watched, and how often it has changed. */
async function watchedProject() {
  const project = await mkdtemp(path.join(tmpdir(), 'fanfare-test-'));
  onTestFinished(() => rm(project, { recursive: true }));
  for (const source of SOURCES) {
    await mkdir(path.dirname(path.join(project, source)), { recursive: true });
    await writeFile(path.join(project, source), '');
  }
  const changes = new Queue<string>();
  const named: string[] = [];
  const watcher: Watching = watchSources((changed) => {
    named.push(...changed);
    changes.put('changed');
  }, project);
  onTestFinished(() => watcher.close());
  /** Settles when this path was named. One change may call back several times, so that the next call may still be about an earlier one. */
  const isNamed = async (...parts: readonly string[]) => {
    while (!named.includes(path.join(...parts))) await changes.next();
  };
  return { project, changes, named, isNamed };
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

  it('does not see what is built of a package', async () => {
    const { project, changes, named } = await watchedProject();
    await mkdir(path.join(project, 'packages/local/dist'));
    await writeFile(path.join(project, 'packages/local/dist/index.js'), '');
    await writeFile(path.join(project, 'cdk.json'), '1');
    await changes.next();

    expect(named.filter((name) => name.startsWith('packages'))).toEqual([]);
  });

  it('names what changed', async () => {
    const { project, isNamed } = await watchedProject();
    await writeFile(path.join(project, 'lambdas/actions/ping.ts'), '1');
    await isNamed('lambdas', 'actions', 'ping.ts');
  });

  it('sees changes in folders that are made later, at any depth', async () => {
    const { project, changes, isNamed } = await watchedProject();
    const folder = path.join(project, 'lambdas/new/below');
    await mkdir(folder, { recursive: true });
    await changes.next();
    await writeFile(path.join(folder, 'vote.ts'), '1');
    await isNamed('lambdas', 'new', 'below', 'vote.ts');
  });

  it('sees changes in a folder that was renamed', async () => {
    const { project, changes, isNamed } = await watchedProject();
    await rename(path.join(project, 'lambdas/actions'), path.join(project, 'lambdas/deeds'));
    await changes.next();
    await writeFile(path.join(project, 'lambdas/deeds/ping.ts'), '1');
    await isNamed('lambdas', 'deeds', 'ping.ts');
  });

  it('sees changes in a folder that was deleted and made again', async () => {
    const { project, changes, named, isNamed } = await watchedProject();
    await rm(path.join(project, 'lambdas/actions'), { recursive: true });
    await changes.next();
    await mkdir(path.join(project, 'lambdas/actions'));
    await changes.next();
    named.length = 0;
    await writeFile(path.join(project, 'lambdas/actions/pong.ts'), '1');
    await isNamed('lambdas', 'actions', 'pong.ts');
  });

  it('sees a source folder that was missing', async () => {
    const { project, changes, isNamed } = await watchedProject();
    await rm(path.join(project, 'lib'), { recursive: true });
    await changes.next();
    await mkdir(path.join(project, 'lib'));
    await changes.next();
    await writeFile(path.join(project, 'lib/gateway.ts'), '1');
    await isNamed('lib', 'gateway.ts');
  });

  it('ignores files beside the sources', async () => {
    const { project, changes, named } = await watchedProject();
    await writeFile(path.join(project, 'notes.txt'), '1');
    await writeFile(path.join(project, 'cdk.json'), '1');
    await changes.next();

    expect(named).toEqual(['cdk.json']);
  });
});
