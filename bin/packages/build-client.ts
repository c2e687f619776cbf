/** Puts `fanfare-client` together: one module for each door, shared modules, declarations, and one file for a page. */

import { rm } from 'node:fs/promises';
import path from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { emit, relocated, writeEmitted } from './emitted.ts';
import { doorsOf, type Manifest } from './manifest.ts';
import { ROOT } from './places.ts';

/** All of the client, for pages without a build: `fallback` has a `connect` as well, which gets a name of its own. */
const PAGE = `
export * from 'fanfare-client';
export { connect as connectWithFallback } from 'fanfare-client/fallback';
export * from 'fanfare-client/inbox';
export * from 'fanfare-client/presence';
`;

const SHARED: BuildOptions = {
  absWorkingDir: ROOT,
  bundle: true,
  conditions: ['fanfare-source', 'module'],
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  metafile: true,
};

/** @returns the files that are in the modules, below the root of the project. */
export async function buildClient(source: string, built: string, manifest: Manifest): Promise<string[]> {
  const doors = [...doorsOf(manifest).values()];
  const [modules, page] = await Promise.all([
    build({
      ...SHARED,
      entryPoints: doors.map((file) => path.join(source, file)),
      outdir: built,
      // Code that two doors need is in a shared module, so that an error of one door is an instance of the class of the other.
      splitting: true,
      chunkNames: 'shared/[hash]',
    }),
    build({
      ...SHARED,
      stdin: { contents: PAGE, resolveDir: ROOT },
      minify: true,
      outfile: path.join(built, 'fanfare-client.js'),
    }),
    declare(source, built, doors),
  ]);
  return [modules, page].flatMap(({ metafile }) => inputsOf(metafile));
}

const inputsOf = (metafile: Metafile | undefined) => Object.keys(metafile?.inputs ?? {});

/** Writes only the declarations that the doors need. Applications get no types of modules that they cannot reach. */
async function declare(source: string, built: string, doors: readonly string[]): Promise<void> {
  const outdir = path.join(built, '.emitted');
  await emit(source, outdir);
  const own = 'client/src';
  const wanted = new Set(doors.map((file) => path.posix.join('client', file.replace(/\.ts$/, '.d.ts'))));
  // A loop over a set also visits entries that are added during the loop.
  for (const emitted of wanted) {
    const { needs, ...file } = await relocated(outdir, emitted, own, '.d.ts');
    for (const needed of needs) wanted.add(needed);
    await writeEmitted(built, file);
  }
  await rm(outdir, { recursive: true });
}
