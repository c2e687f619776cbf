/** The bundles of all functions and of the baseline, built the same way. */

import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import { functionNames } from '../../lambdas/manifest/manifest.ts';
import { buildBundles } from '../../lib/bundling/bundles.ts';

export interface Bundle {
  readonly name: string;
  /** Absolute path of the module that exports the handler. */
  readonly module: string;
  /** Bytes of all modules, without source maps. */
  readonly size: number;
}

export const BASELINE = 'baseline';

/** The baseline is always built. */
const onlyBaseline: Plugin = {
  name: 'only-baseline',
  setup(build) {
    const baseline = fileURLToPath(new URL('./baseline.ts', import.meta.url));
    build.onResolve({ filter: /.*/ }, ({ kind }) =>
      kind === 'entry-point' ? { path: baseline } : undefined,
    );
  },
};

export async function buildAll(directory: string): Promise<readonly Bundle[]> {
  const functions = path.join(directory, 'functions');
  const baselines = path.join(directory, 'baselines');
  await buildBundles(functions);
  await buildBundles(baselines, { plugins: [onlyBaseline] });
  const [anyFunction = ''] = functionNames;
  return Promise.all([
    bundleIn(BASELINE, path.join(baselines, anyFunction)),
    ...functionNames.map((name) => bundleIn(name, path.join(functions, name))),
  ]);
}

async function bundleIn(name: string, directory: string): Promise<Bundle> {
  const files = await readdir(directory, { recursive: true });
  const modules = files.filter((file) => file.endsWith('.mjs'));
  const stats = await Promise.all(modules.map((file) => stat(path.join(directory, file))));
  return {
    name,
    module: path.join(directory, 'index.mjs'),
    size: stats.reduce((sum, { size }) => sum + size, 0),
  };
}
