/** Runs test files in a copy, in a process group of its own that ends when its time is over. */

import type { ChildProcess } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { spawnGroup } from '../../packages/local/src/terminal/exit-duties.ts';

export type TestRun =
  | { readonly kind: 'passed' }
  /** These files failed, before the run was stopped at the first. */
  | { readonly kind: 'failed'; readonly files: readonly string[] }
  | { readonly kind: 'late' };

const report = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ testResults: v.array(v.object({ name: v.string(), status: v.string() })) }),
);

export async function runTests(
  root: string,
  files: readonly string[],
  { seconds, jobs }: { readonly seconds: number; readonly jobs: number },
): Promise<TestRun> {
  const output = path.join(root, 'mutation-report.json');
  rmSync(output, { force: true });
  const flags = ['--reporter=json', `--outputFile=${output}`, '--bail=1', `--maxWorkers=${jobs}`];
  const args = [path.join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...flags, ...files];
  const code = await ended(spawnGroup(process.execPath, args, { cwd: root, stdio: 'ignore' }), seconds);
  if (code === 'late') return { kind: 'late' };
  if (code === 0) return { kind: 'passed' };
  return { kind: 'failed', files: failedIn(root, output, files) };
}

/** If Vitest itself fails, so that there is no report, all of its files have failed. */
function failedIn(root: string, output: string, files: readonly string[]): readonly string[] {
  try {
    const { testResults } = v.parse(report, readFileSync(output, 'utf8'));
    const failed = testResults.filter(({ status }) => status === 'failed');
    return failed.length > 0 ? failed.map(({ name }) => path.relative(root, name)) : files;
  } catch {
    return files;
  }
}

async function ended(child: ChildProcess, seconds: number): Promise<number | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const end = await new Promise<number | 'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), seconds * 1000);
    child.once('exit', (code) => resolve(code ?? 1));
  });
  clearTimeout(timer);
  // Servers that its tests have started may live longer than Vitest.
  if (child.pid !== undefined) killGroup(child.pid);
  return end;
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // All of its processes have ended.
  }
}
