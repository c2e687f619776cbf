/** Bundles the program of an example when its page asks for it, as a bundler of its reader would. */

import { existsSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { build as esbuild } from 'esbuild';

const ENTRIES = ['main.tsx', 'main.ts', 'main.js'];

/** The file that an example begins with; `undefined` for a folder that has no program. */
export function entryOf(folder: string): string | undefined {
  return ENTRIES.map((name) => path.join(folder, name)).find(existsSync);
}

/**
 * The program of a page, the styles that its modules import, and the files of both with their state. A program that does not build has
 * no files.
 */
interface Bundle {
  readonly js: string;
  readonly css: string;
  readonly files: ReadonlyMap<string, string> | undefined;
}

/** By the file that the program begins with. */
const bundles = new Map<string, Promise<Bundle>>();

/**
 * Bundled again if one of its files has changed, so that an edit shows: to bundle React and an editor takes half a second of a processor.
 *
 * @returns if it does not build, a program that throws the reason
 */
export async function bundleOf(entry: string): Promise<Bundle> {
  const kept = bundles.get(entry);
  if (kept && isCurrent(await kept)) return kept;
  const made = build(entry);
  bundles.set(entry, made);
  return made;
}

/** React is in its development mode, which warns of mistakes. */
async function build(entry: string): Promise<Bundle> {
  const startedAt = Date.now();
  try {
    const { outputFiles, metafile } = await esbuild({
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
      metafile: true,
      logLevel: 'silent',
    });
    const text = (kind: string) => outputFiles.find((file) => file.path.endsWith(`.${kind}`))?.text ?? '';
    return {
      js: text('js'),
      css: text('css'),
      files: unchangedFiles(Object.keys(metafile.inputs), startedAt),
    };
  } catch (error) {
    return { js: `throw new Error(${JSON.stringify(String(error))});\n`, css: '', files: undefined };
  }
}

/** The file system may date a change by a clock that is behind by a few milliseconds. */
const CLOCK_MS = 20;

/** @returns `undefined` if one may have changed since: the bundler may have read what was in it before. */
function unchangedFiles(names: readonly string[], since: number): Bundle['files'] {
  const files = new Map<string, string>();
  for (const file of names) {
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats && stats.ctimeMs >= since - CLOCK_MS) return undefined;
    if (stats) files.set(file, stampOf(stats));
  }
  return files;
}

function isCurrent({ files }: Bundle): boolean {
  if (!files) return false;
  return [...files].every(([file, stamp]) => {
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats && stampOf(stats) === stamp;
  });
}

/** npm gives all files of a package the same time of change, but not the same time of their metadata. */
const stampOf = ({ ino, ctimeMs }: Stats) => `${ino} ${ctimeMs}`;
