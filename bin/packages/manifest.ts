/** The manifest of a package, and the source file behind each of its doors. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';

/** A door is a module with its types; any other entry is a file that is published as it is. */
const door = v.union([v.string(), v.strictObject({ types: v.string(), default: v.string() })]);

const manifest = v.object({
  version: v.string(),
  exports: v.record(v.string(), door),
  dependencies: v.optional(v.record(v.string(), v.string()), {}),
});

type Manifest = v.InferOutput<typeof manifest>;

export async function readManifest(folder: string): Promise<Manifest> {
  return v.parse(manifest, JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')));
}

/** The name of each door's module: `index` of `./dist/index.js`, which is built from `src/index.ts`. */
export function doorsOf({ exports }: Manifest): string[] {
  return Object.values(exports).flatMap((target) =>
    typeof target === 'string' ? [] : [path.posix.relative('dist', target.default).replace(/\.js$/, '')],
  );
}
