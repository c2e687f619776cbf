/** Puts `fanfare-client` together: one module for each door, shared modules, declarations, and one file for a page. */

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { Emitted } from './emitted.ts';
import { ROOT } from './places.ts';
import { thirdPartyLicences } from './third-party-licences.ts';

/** All of the client, for pages without a build: `fallback` has a `connect` as well, which gets a name of its own. */
const PAGE = `
export * from './index.ts';
export { connect as connectWithFallback } from './fallback.ts';
export * from './inbox.ts';
export * from './presence.ts';
`;

const SHARED: BuildOptions = {
  absWorkingDir: ROOT,
  bundle: true,
  // An optional peer: the application has it.
  external: ['react'],
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  metafile: true,
};

export async function buildClient(folder: string, built: string, doors: readonly string[]): Promise<void> {
  const source = path.join(folder, 'src');
  const [modules, page] = await Promise.all([
    build({
      ...SHARED,
      entryPoints: doors.map((door) => path.join(source, `${door}.ts`)),
      outdir: built,
      // Code that two doors need is in a shared module, so that an error of one door is an instance of the class of the other.
      splitting: true,
      chunkNames: 'shared/[hash]',
      // Puts numbers in the place of their names, which the bundler of an application no longer does: 140 bytes of the core.
      minifySyntax: true,
    }),
    build({
      ...SHARED,
      stdin: { contents: PAGE, resolveDir: source },
      minify: true,
      outfile: path.join(built, 'fanfare-client.js'),
    }),
    declare(folder, built, doors),
  ]);
  const inputs = [modules, page].flatMap(({ metafile }) => inputsOf(metafile));
  await writeFile(path.join(built, 'THIRD-PARTY-LICENSES.txt'), await thirdPartyLicences(inputs));
}

const inputsOf = (metafile: Metafile | undefined) => Object.keys(metafile?.inputs ?? {});

async function declare(folder: string, built: string, doors: readonly string[]): Promise<void> {
  const emitted = await Emitted.of(folder, built);
  await emitted.writeDeclarations(doors);
  await emitted.remove();
}
