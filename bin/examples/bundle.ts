/** Bundles the program of an example when its page asks for it, as a bundler of its reader would. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

const ENTRIES = ['main.tsx', 'main.ts', 'main.js'];

/** The file that an example begins with; `undefined` for a folder that has no program. */
export function entryOf(folder: string): string | undefined {
  return ENTRIES.map((name) => path.join(folder, name)).find(existsSync);
}

/**
 * Bundled again for each request, so that an edit shows. React is in its development mode,
 * which warns of mistakes.
 *
 * @param kind What is wanted of the bundle: the style has what the modules import as CSS.
 * @returns if it does not build, a program that throws the reason
 */
export async function bundled(entry: string, kind: 'js' | 'css'): Promise<string> {
  try {
    const { outputFiles } = await build({
      entryPoints: [entry],
      bundle: true,
      conditions: ['module', 'browser'],
      define: { 'process.env.NODE_ENV': '"development"' },
      format: 'esm',
      platform: 'browser',
      target: 'es2022',
      jsx: 'automatic',
      // Pictures that the style sheet of a library names stay names: no example shows one.
      external: ['*.png'],
      // For the developer tools, which show the example as it is written.
      sourcemap: 'inline',
      outdir: path.dirname(entry),
      write: false,
      logLevel: 'silent',
    });
    return outputFiles.find((file) => file.path.endsWith(`.${kind}`))?.text ?? '';
  } catch (error) {
    return kind === 'js' ? `throw new Error(${JSON.stringify(String(error))});\n` : '';
  }
}
