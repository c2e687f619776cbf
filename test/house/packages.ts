/** The packages of a tree and their doors: the source files that their `exports` name. */

import path from 'node:path';
import * as v from 'valibot';
import type { Tree } from './tree.ts';

/** A source file as it is, or a module that is built. */
const target = v.union([v.string(), v.object({ default: v.string() })]);

const manifestSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ name: v.string(), exports: v.optional(v.record(v.string(), v.unknown()), {}) }),
);

export interface Packages {
  /** @returns the file that a bare specifier leads to, if it names a package of the tree */
  resolve(specifier: string): string | undefined;
  /** The specifiers that lead to what is built, and inside of this repository to its source. */
  readonly builtDoors: readonly string[];
  /** @returns the folder of the package that a file belongs to, if that package has doors */
  withDoorsOf(file: string): string | undefined;
}

export function packagesOf(tree: Tree): Packages {
  const doors = [...tree].flatMap(([file, text]) =>
    file.endsWith('/package.json') ? doorsOf(file, text) : [],
  );
  const folders = new Set(doors.map(({ folder }) => folder));
  return {
    resolve(specifier) {
      for (const door of doors) {
        const to = through(door, specifier);
        if (to !== undefined) return to;
      }
      return undefined;
    },
    builtDoors: doors.filter(({ isBuilt }) => isBuilt).map(({ specifier }) => specifier),
    withDoorsOf: (file) => [...folders].find((folder) => file.startsWith(`${folder}/`)),
  };
}

interface Door {
  readonly folder: string;
  readonly specifier: string;
  readonly file: string;
  readonly isBuilt: boolean;
}

function doorsOf(manifest: string, text: string): Door[] {
  const { name, exports } = v.parse(manifestSchema, text);
  const folder = path.posix.dirname(manifest);
  return Object.entries(exports).flatMap(([subpath, value]) => {
    const parsed = v.safeParse(target, value);
    if (!parsed.success) return [];
    const isBuilt = typeof parsed.output !== 'string';
    const file = typeof parsed.output === 'string' ? parsed.output : sourceOf(parsed.output.default);
    const specifier = path.posix.join(name, subpath);
    return [{ folder, specifier, file: path.posix.join(folder, file), isBuilt }];
  });
}

/** `./src/index.ts` of `./dist/index.js`. */
function sourceOf(built: string): string {
  return built.replace(/^\.\/dist\//, './src/').replace(/\.js$/, '.ts');
}

/** A `*` stands for the same text in the specifier and in the file. */
function through({ specifier, file }: Door, wanted: string): string | undefined {
  const [before = '', after] = specifier.split('*');
  if (after === undefined) return wanted === specifier ? file : undefined;
  if (!wanted.startsWith(before) || !wanted.endsWith(after)) return undefined;
  return file.replace('*', wanted.slice(before.length, wanted.length - after.length));
}
