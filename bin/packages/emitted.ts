/**
 * What `tsc` writes for a package, moved to where it is published. A package of the folder `packages` has what is in its `src` at the
 * top of `dist`, and the files of the private `fanfare-protocol` in a folder `protocol`.
 */

import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runTool } from './run-tool.ts';

/** In `from '…'`, `import '…'` and `import('…')`. */
const SPECIFIER = /(?<=\b(?:from|import)\s*\(?\s*)(?<quote>['"])(?<specifier>[^'"\n]+)\k<quote>/g;
const PROTOCOL = 'fanfare-protocol/';

/** Where the compiler writes what, and where that is published. Paths have `/` on every system. */
export interface Places {
  /** @example `runtime.js` for `local/src/runtime.js` */
  readonly placeOf: (emitted: string) => string;
  /** The folder with the modules of `fanfare-protocol`, with a slash at the end. */
  readonly protocol: string;
}

/** Of a package in the folder `packages`: `local/src/runtime.js` becomes `runtime.js`, and `local/bin/cli.js` becomes `bin/cli.js`. */
export function placesIn(folder: string): Places {
  const own = path.basename(folder);
  return {
    protocol: 'protocol/src/',
    placeOf: (emitted) =>
      emitted
        .replace(`${own}/src/`, '')
        .replace(`${own}/`, '')
        .replace(/^protocol\/src\//, 'protocol/'),
  };
}

/** Files of a package as the compiler writes them. */
export class Emitted {
  readonly #outdir: string;
  readonly #built: string;
  readonly #places: Places;

  private constructor(outdir: string, built: string, places: Places) {
    this.#outdir = outdir;
    this.#built = built;
    this.#places = places;
  }

  /**
   * Compiles a package.
   *
   * @param project The folder of its `tsconfig.json`, or the file itself.
   * @param built The folder that its files go to.
   */
  static async of(project: string, built: string, places: Places): Promise<Emitted> {
    const outdir = path.join(built, '.emitted');
    await runTool('tsc', ['-p', project, '--outDir', outdir]);
    return new Emitted(outdir, built, places);
  }

  /** Publishes JavaScript files, each in its place. */
  async writeModules(isWanted: (emitted: string) => boolean = () => true): Promise<void> {
    const names = await readdir(this.#outdir, { recursive: true });
    const modules = names
      .filter((name) => /\.m?js$/.test(name))
      .map((name) => name.replaceAll(path.sep, '/'));
    for (const name of modules.filter(isWanted)) await this.#write(name);
  }

  /**
   * Publishes the declarations that the doors need, and no others: what users cannot reach has no types for them.
   *
   * @param doors As the compiler writes them, without `.d.ts`.
   */
  async writeDeclarations(doors: readonly string[]): Promise<void> {
    const wanted = new Set(doors.map((door) => `${door}.d.ts`));
    // A set also gives what is added while it is read.
    for (const emitted of wanted) for (const needed of await this.#write(emitted)) wanted.add(needed);
  }

  async remove(): Promise<void> {
    await rm(this.#outdir, { recursive: true });
  }

  /** Publishes one file with specifiers that hold where it is published. @returns the emitted files that these mean. */
  async #write(emitted: string): Promise<string[]> {
    const needs: string[] = [];
    const place = this.#places.placeOf(emitted);
    const original = await readFile(path.join(this.#outdir, emitted), 'utf8');
    const text = original.replaceAll(SPECIFIER, (whole, _quote, specifier: string) => {
      const target = meant(specifier, emitted, this.#places.protocol);
      if (target === undefined) return whole;
      needs.push(declarationOf(target));
      const there = path.posix.relative(path.posix.dirname(place), this.#publishedFrom(emitted, target));
      return `'${there.startsWith('.') ? there : `./${there}`}'`;
    });
    const file = path.join(this.#built, place);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
    return needs;
  }

  /** A declaration names the module of another one, which is published where that declaration is. */
  #publishedFrom(emitted: string, target: string): string {
    const { placeOf } = this.#places;
    if (!/\.d\.m?ts$/.test(emitted)) return placeOf(target);
    return placeOf(declarationOf(target)).replace(/\.d\.(?<m>m?)ts$/, '.$<m>js');
  }
}

/** The emitted module that a specifier means; `undefined` for what is not of this project. */
function meant(specifier: string, emitted: string, protocol: string): string | undefined {
  if (specifier.startsWith(PROTOCOL)) return `${protocol}${specifier.slice(PROTOCOL.length)}.js`;
  if (!specifier.startsWith('.')) return undefined;
  return path.posix.join(path.posix.dirname(emitted), specifier).replace(/\.ts$/, '.js');
}

/** `.d.ts` for `.js`, and `.d.mts` for `.mjs`. */
const declarationOf = (module: string) => module.replace(/\.(?<m>m?)js$/, '.d.$<m>ts');
