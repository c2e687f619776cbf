/** Puts `fanfare-client` together: one module for each door, shared modules, declarations, and one file for a page. */

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { compressFiles } from './compress.ts';
import { Emitted, placesIn } from './emitted.ts';
import { INTERNAL_NAMES } from './internal-names.ts';
import { ROOT } from './places.ts';
import { thirdPartyLicences } from './third-party-licences.ts';

/** All of the client, for pages without a build. Each `connect` beside that of the core gets a name of its own. */
const PAGE = `
export * from './index.ts';
export { connect } from './index.ts';
export { connect as connectWithFallback } from './fallback.ts';
export { connect as connectWithActions } from './actions.ts';
export * from './actions.ts';
export * from './bytes.ts';
export * from './edits.ts';
export * from './history.ts';
export * from './inbox.ts';
export * from './presence.ts';
export * from './values.ts';
`;

const SHARED: BuildOptions = {
  absWorkingDir: ROOT,
  bundle: true,
  // An optional peer: the application has it.
  external: ['react'],
  format: 'esm',
  mangleProps: INTERNAL_NAMES,
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
  await compressFiles(Object.keys(modules.metafile?.outputs ?? {}).map((file) => path.join(ROOT, file)));
  const inputs = [modules, page].flatMap(({ metafile }) => inputsOf(metafile));
  await writeFile(path.join(built, 'THIRD-PARTY-LICENSES.txt'), await thirdPartyLicences(inputs));
}

const inputsOf = (metafile: Metafile | undefined) => Object.keys(metafile?.inputs ?? {});

async function declare(folder: string, built: string, doors: readonly string[]): Promise<void> {
  const emitted = await Emitted.of(folder, built, placesIn(folder));
  await emitted.writeDeclarations(doors.map((door) => `client/src/${door}`));
  await emitted.remove();
}
