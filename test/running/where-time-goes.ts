/** Prints at the end of a run where the time went: the slowest files, and the seconds of each folder. */

import path from 'node:path';
import type { Reporter, TestModule, Vitest } from 'vitest/node';

/** Seconds of one file: loading its imports, running its tests, and starting its process. */
export interface FileTime {
  readonly file: string;
  readonly imports: number;
  readonly tests: number;
  readonly start: number;
}

/** Fewer files are read at a glance in the ordinary report. */
const FEWEST_FILES = 10;

const SLOWEST = 10;

export class WhereTimeGoes implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const vitest = this.#vitest;
    if (!vitest || modules.length < FEWEST_FILES) return;
    const times = modules.map((module) => timeOf(module, vitest.config.root));
    vitest.logger.log(`\n${linesOf(times).join('\n')}\n`);
  }
}

/** The report, as lines. */
export function linesOf(times: readonly FileTime[]): readonly string[] {
  const slowest = times.toSorted((one, other) => other.tests - one.tests).slice(0, SLOWEST);
  return [
    'Where the time went, in seconds of one worker',
    ...slowest.map(({ file, tests }) => `${seconds(tests)}  ${file}`),
    '',
    `${'   tests'}${' imports'}${'   start'}  files  folder`,
    ...[...byFolder(times), totalOf('all', times)].map(
      ({ name, files, tests, imports, start }) =>
        `${seconds(tests)}${seconds(imports)}${seconds(start)}${String(files).padStart(7)}  ${name}`,
    ),
  ];
}

function byFolder(times: readonly FileTime[]) {
  const names = new Set(times.map(({ file }) => folderOf(file)));
  return [...names]
    .map((name) =>
      totalOf(
        name,
        times.filter(({ file }) => folderOf(file) === name),
      ),
    )
    .toSorted((one, other) => other.tests + other.imports - (one.tests + one.imports));
}

function totalOf(name: string, times: readonly FileTime[]) {
  const sum = (secondsOf: (time: FileTime) => number) =>
    times.reduce((total, time) => total + secondsOf(time), 0);
  return {
    name,
    files: times.length,
    tests: sum(({ tests }) => tests),
    imports: sum(({ imports }) => imports),
    start: sum(({ start }) => start),
  };
}

/** `test/lambdas` of `test/lambdas/actions/publish.test.ts`. */
function folderOf(file: string): string {
  return file.split('/').slice(0, 2).join('/');
}

function timeOf(module: TestModule, root: string): FileTime {
  const { duration, collectDuration, prepareDuration, environmentSetupDuration, setupDuration } =
    module.diagnostic();
  return {
    file: path.relative(root, module.moduleId).split(path.sep).join('/'),
    imports: collectDuration / 1000,
    tests: duration / 1000,
    start: (prepareDuration + environmentSetupDuration + setupDuration) / 1000,
  };
}

function seconds(value: number): string {
  return value.toFixed(1).padStart(8);
}
