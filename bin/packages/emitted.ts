/**
 * Moves the output of `tsc` to its published place: the package's own files at the top, and those of the private
 * `fanfare-protocol` in a folder of that name.
 */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runTool } from './run-tool.ts';

/** In `from '…'`, `import '…'` and `import('…')`. */
const SPECIFIER = /(?<=\b(?:from|import)\s*\(?\s*)(?<quote>['"])(?<specifier>[^'"\n]+)\k<quote>/g;
const PROTOCOL = 'fanfare-protocol/';

/** A file that is published: its path in the package, and its text. */
export interface Emitted {
  readonly name: string;
  readonly text: string;
}

/** @param outdir An empty folder for the output of `tsc`, of this package and of the protocol. */
export async function emit(source: string, outdir: string): Promise<void> {
  await runTool('tsc', ['-p', source, '--outDir', outdir]);
}

/** Where the emitted file belongs in the package: `local/src/runtime.js` becomes `src/runtime.js` of `local`. */
function publishedName(emitted: string, own: string): string {
  return emitted.startsWith(`${own}/`)
    ? emitted.slice(own.length + 1)
    : emitted.replace(/^protocol\/src\//, 'protocol/');
}

/** The emitted file to which an import of another file leads; `undefined` for modules of other packages. */
function meant(specifier: string, emitted: string, extension: string): string | undefined {
  const isOurs = specifier.startsWith(PROTOCOL);
  if (!isOurs && !specifier.startsWith('.')) return undefined;
  const target = isOurs
    ? `protocol/src/${specifier.slice(PROTOCOL.length)}.js`
    : path.posix.join(path.posix.dirname(emitted), specifier);
  return target.replace(/\.[jt]s$/, extension);
}

/** Its text with specifiers that hold where it is published, and the emitted files that these mean. */
export async function relocated(outdir: string, emitted: string, own: string, extension: string) {
  const needs: string[] = [];
  const here = publishedName(emitted, own);
  const original = await readFile(path.join(outdir, emitted), 'utf8');
  const text = original.replaceAll(SPECIFIER, (whole, _quote, specifier: string) => {
    const target = meant(specifier, emitted, extension);
    if (target === undefined) return whole;
    needs.push(target);
    const there = path.posix.relative(path.posix.dirname(here), publishedName(target, own));
    return `'${there.startsWith('.') ? there : `./${there}`}'`.replace(/\.d\.ts'$/, ".js'");
  });
  return { name: here, text, needs };
}

export async function writeEmitted(folder: string, { name, text }: Emitted): Promise<void> {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
}
