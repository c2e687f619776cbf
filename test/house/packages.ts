/** The packages of a tree and their doors: the source files that their `exports` name. */

import path from 'node:path';
import * as v from 'valibot';
import type { Tree } from './tree.ts';

const target = v.union([v.string(), v.object({ 'fanfare-source': v.string() })]);

const manifestSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ name: v.string(), exports: v.optional(v.record(v.string(), v.unknown()), {}) }),
);

export interface Packages {
  /** @returns the file that a bare specifier leads to, if it names a package of the tree */
  resolve(specifier: string): string | undefined;
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
    withDoorsOf: (file) => [...folders].find((folder) => file.startsWith(`${folder}/`)),
  };
}

interface Door {
  readonly folder: string;
  readonly specifier: string;
  readonly file: string;
}

function doorsOf(manifest: string, text: string): Door[] {
  const { name, exports } = v.parse(manifestSchema, text);
  const folder = path.posix.dirname(manifest);
  return Object.entries(exports).flatMap(([subpath, value]) => {
    // A door without this condition is no source: `./package.json`, or a file that is built.
    const parsed = v.safeParse(target, value);
    if (!parsed.success) return [];
    const file = typeof parsed.output === 'string' ? parsed.output : parsed.output['fanfare-source'];
    return [{ folder, specifier: path.posix.join(name, subpath), file: path.posix.join(folder, file) }];
  });
}

/** A `*` stands for the same text in the specifier and in the file. */
function through({ specifier, file }: Door, wanted: string): string | undefined {
  const [before = '', after] = specifier.split('*');
  if (after === undefined) return wanted === specifier ? file : undefined;
  if (!wanted.startsWith(before) || !wanted.endsWith(after)) return undefined;
  return file.replace('*', wanted.slice(before.length, wanted.length - after.length));
}
