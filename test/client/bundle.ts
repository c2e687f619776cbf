/** Bundles the client as a page loads it, with or without the optional parts. */

import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export async function bundleClient(
  entry = 'packages/client/src/index.ts',
): Promise<{ text: string; inputs: string[] }> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: fileURLToPath(new URL('../../', import.meta.url)),
    entryPoints: [entry],
    bundle: true,
    minify: true,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
  });
  return { text: outputFiles[0]?.text ?? '', inputs: Object.keys(metafile.inputs) };
}
