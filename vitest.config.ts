/** Test settings: everything runs offline, and template validation is left to `npm run synth`. */

import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { recordOutput } from './test/leaks/evidence.ts';
import { isLong } from './test/running/counts.ts';
import { type FilesByKind, filesByKind, filesWithCounts } from './test/running/kinds.ts';
import { SlowFirst } from './test/running/slow-first.ts';
import { WhereTimeGoes } from './test/running/where-time-goes.ts';
import settings from './tsconfig.json' with { type: 'json' };

const root = fileURLToPath(new URL('.', import.meta.url));

/** Packages of this repository are reached by their source: nothing has to be built before a test. */
const alias = Object.entries(settings.compilerOptions.paths).map(([name, [file]]) => ({
  find: new RegExp(`^${name}$`),
  replacement: path.join(root, file ?? ''),
}));

/** The files of this run: all of them, or those that try more often in a long run. */
function chosenFiles(): FilesByKind {
  const files = filesByKind(root);
  if (!isLong) return files;
  const long = new Set(filesWithCounts(root));
  const chosen = (of: readonly string[]) => of.filter((file) => long.has(file));
  return {
    alone: chosen(files.alone),
    runtime: chosen(files.runtime),
    stacks: chosen(files.stacks),
    shared: chosen(files.shared),
  };
}

const files = chosenFiles();

/** The settings of every process, for all test files. */
const everywhere = {
  // Most files wait for sockets and timers about a third of their time, which one more worker than processors fills.
  maxWorkers: availableParallelism() + 1,
  // Some files start a whole runtime, on a machine that is busy with other files. Only a test that hangs takes so long;
  // a long run explores for minutes in one test.
  testTimeout: isLong ? 1_800_000 : 600_000,
  hookTimeout: 600_000,
  env: {
    // Validation takes seconds in each synth, and templates do not change between two of them.
    CDK_VALIDATION: 'false',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  },
};

/** What its files share is there before a worker starts, and ends with it. */
const forRuntime = {
  globalSetup: ['test/running/kept-before-workers.ts'],
  environment: './test/running/runtime-environment.ts',
};

const resolve = { alias };

function project(name: keyof FilesByKind) {
  const isolate = name === 'alone';
  return {
    resolve,
    test: { ...everywhere, ...(name === 'runtime' && forRuntime), name, isolate, include: [...files[name]] },
  };
}

export default defineConfig({
  resolve,
  test: {
    ...everywhere,
    projects: [project('alone'), project('runtime'), project('stacks'), project('shared')],
    sequence: { sequencer: SlowFirst },
    // Everything that tests print is searched for tokens and secrets after the last test.
    globalSetup: ['test/leaks/global-setup.ts', 'test/running/packed-folder.ts'],
    onConsoleLog: (log) => recordOutput('tests', log),
    reporters: ['default', new WhereTimeGoes()],
  },
});
