/** Puts `fanfare-client` together: one module for each door, what they share, declarations, and one file for a page. */

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
  // An optional peer: the application has it.
  external: ['react'],
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
      // Modules share what more than one of them needs: an error of one door is an error of the other.
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

/** Writes the declarations that the doors need, and no others: what applications cannot reach has no types for them. */
async function declare(source: string, built: string, doors: readonly string[]): Promise<void> {
  const outdir = path.join(built, '.emitted');
  await emit(source, outdir);
  const own = 'client/src';
  const wanted = new Set(doors.map((file) => path.posix.join('client', file.replace(/\.ts$/, '.d.ts'))));
  // A set gives also what is added while it is read.
  for (const emitted of wanted) {
    const { needs, ...file } = await relocated(outdir, emitted, own, '.d.ts');
    for (const needed of needs) wanted.add(needed);
    await writeEmitted(built, file);
  }
  await rm(outdir, { recursive: true });
}
