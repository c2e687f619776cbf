/** Makes the published manifest of a package from that of the checkout, without the fields that only the checkout needs. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';

const SOURCE = 'fanfare-source';

/** A door of the checkout is a source file. Every other entry is a file that is published unchanged. */
const door = v.union([v.string(), v.strictObject({ [SOURCE]: v.string() })]);

const manifest = v.looseObject({
  name: v.string(),
  version: v.string(),
  exports: v.record(v.string(), door),
  dependencies: v.optional(v.record(v.string(), v.string()), {}),
  engines: v.object({ node: v.string() }),
});

export type Manifest = v.InferOutput<typeof manifest>;

export async function readManifest(folder: string): Promise<Manifest> {
  return v.parse(manifest, JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')));
}

/** The source file of each door: `./src/index.ts` of `.`. */
export function doorsOf({ exports }: Manifest): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(exports).flatMap(([name, target]) =>
      typeof target === 'string' ? [] : [[name, target[SOURCE]] as const],
    ),
  );
}

/**
 * The condition `fanfare-source` is not published, because it names files that are not packed. `private` is not published either:
 * it only keeps `npm publish` from publishing the checkout.
 *
 * @param hasDoors Whether the doors are published, too. Otherwise they are for this repository only.
 */
export function publishedManifest(source: Manifest, hasDoors: boolean): Readonly<Record<string, unknown>> {
  const { private: _private, devDependencies: _tools, ...kept } = source;
  const exports = Object.entries(source.exports).flatMap(([name, target]) => {
    if (typeof target === 'string') return [[name, target]];
    return hasDoors ? [[name, builtDoor(target[SOURCE])]] : [];
  });
  return { ...kept, exports: Object.fromEntries(exports) };
}

function builtDoor(file: string) {
  const name = path.basename(file, '.ts');
  return { types: `./${name}.d.ts`, default: `./${name}.js` };
}
