/**
 * What `tsc` writes for a package, moved to where it is published: what is in `src` to the top of `dist`, and the files of the
 * private `fanfare-protocol` to a folder of that name.
 */

import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runTool } from './run-tool.ts';

/** In `from '…'`, `import '…'` and `import('…')`. */
const SPECIFIER = /(?<=\b(?:from|import)\s*\(?\s*)(?<quote>['"])(?<specifier>[^'"\n]+)\k<quote>/g;
const PROTOCOL = 'fanfare-protocol/';

/** Files of a package as the compiler writes them, below the folder `packages`. */
export class Emitted {
  readonly #outdir: string;
  readonly #built: string;
  /** `client` for `packages/client`. */
  readonly #own: string;

  private constructor(outdir: string, built: string, own: string) {
    this.#outdir = outdir;
    this.#built = built;
    this.#own = own;
  }

  /** Compiles a package. @param built The folder that its files go to. */
  static async of(folder: string, built: string): Promise<Emitted> {
    const outdir = path.join(built, '.emitted');
    await runTool('tsc', ['-p', folder, '--outDir', outdir]);
    return new Emitted(outdir, built, path.basename(folder));
  }

  /** Publishes each JavaScript file in its place. */
  async writeModules(): Promise<void> {
    const names = await readdir(this.#outdir, { recursive: true });
    for (const name of names.filter((name) => /\.m?js$/.test(name)))
      await this.#write(name.replaceAll(path.sep, '/'));
  }

  /** Publishes the declarations that the doors need, and no others: what users cannot reach has no types for them. */
  async writeDeclarations(doors: readonly string[]): Promise<void> {
    const wanted = new Set(doors.map((door) => `${this.#own}/src/${door}.d.ts`));
    // A set also gives what is added while it is read.
    for (const emitted of wanted) for (const needed of await this.#write(emitted)) wanted.add(needed);
  }

  async remove(): Promise<void> {
    await rm(this.#outdir, { recursive: true });
  }

  /** Publishes one file with specifiers that hold where it is published. @returns the emitted files that these mean. */
  async #write(emitted: string): Promise<string[]> {
    const needs: string[] = [];
    const place = this.#placeOf(emitted);
    const original = await readFile(path.join(this.#outdir, emitted), 'utf8');
    const text = original.replaceAll(SPECIFIER, (whole, _quote, specifier: string) => {
      const target = meant(specifier, emitted);
      if (target === undefined) return whole;
      needs.push(declarationOf(target));
      const there = path.posix.relative(path.posix.dirname(place), this.#placeOf(target));
      return `'${there.startsWith('.') ? there : `./${there}`}'`;
    });
    const file = path.join(this.#built, place);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
    return needs;
  }

  /** `local/src/runtime.js` of `packages/local` becomes `runtime.js`, and `local/bin/cli.js` becomes `bin/cli.js`. */
  #placeOf(emitted: string): string {
    return emitted
      .replace(`${this.#own}/src/`, '')
      .replace(`${this.#own}/`, '')
      .replace(/^protocol\/src\//, 'protocol/');
  }
}

/** The emitted module that a specifier means; `undefined` for what is not of this project. */
function meant(specifier: string, emitted: string): string | undefined {
  if (specifier.startsWith(PROTOCOL)) return `protocol/src/${specifier.slice(PROTOCOL.length)}.js`;
  if (!specifier.startsWith('.')) return undefined;
  return path.posix.join(path.posix.dirname(emitted), specifier).replace(/\.ts$/, '.js');
}

/** `.d.ts` for `.js`, and `.d.mts` for `.mjs`. */
const declarationOf = (module: string) => module.replace(/\.(?<m>m?)js$/, '.d.$<m>ts');
