/** Bundles the client as the package is built, and then as the bundler of a page does it. */

import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { compressed } from '../../bin/packages/compress.ts';
import { INTERNAL_NAMES } from '../../bin/packages/internal-names.ts';

export async function bundleClient(
  entry = 'packages/client/src/index.ts',
): Promise<{ text: string; inputs: string[] }> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: fileURLToPath(new URL('../../', import.meta.url)),
    entryPoints: [entry],
    bundle: true,
    minifySyntax: true,
    metafile: true,
    mangleProps: INTERNAL_NAMES,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
  });
  const built = await compressed(outputFiles[0]?.text ?? '');
  const { code } = await transform(built, { minify: true, format: 'esm', target: 'es2022' });
  return { text: code, inputs: Object.keys(metafile.inputs) };
}
