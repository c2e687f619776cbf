/** Packs a package, as `npm publish` does: npm builds it first. */

import path from 'node:path';
import * as v from 'valibot';
import { exclusively } from './exclusive.ts';
import { folderOf, type PublishedName, ROOT } from './places.ts';
import { runProgram } from './run-tool.ts';

export interface Packed {
  readonly tarball: string;
  /** Bytes of the tarball. */
  readonly size: number;
  readonly unpackedSize: number;
  /** A hash of the tarball, as a lock file has it. */
  readonly integrity: string;
  /** What is in it, by paths. */
  readonly files: readonly string[];
}

/** npm builds `dist` before it reads it, so that two that pack at once would read what the other one is writing. */
const PACKING = path.join(ROOT, '.local/packing');

const printed = v.pipe(
  v.string(),
  v.parseJson(),
  v.tuple([
    v.object({
      filename: v.string(),
      size: v.number(),
      unpackedSize: v.number(),
      integrity: v.string(),
      files: v.array(v.object({ path: v.string() })),
    }),
  ]),
);

/** Runs `npm pack` in the folder of the package. @param into An existing folder, for the tarball. */
export async function packPackage(name: PublishedName, into: string): Promise<Packed> {
  return pack(folderOf(name), into);
}

/** Runs `npm pack`. @param more What else it is told, as `-w fanfare-client`. */
export async function pack(folder: string, into: string, more: readonly string[] = []): Promise<Packed> {
  const told = await exclusively(PACKING, () =>
    runProgram('npm', ['pack', '--json', '--pack-destination', into, ...more], folder),
  );
  const [{ filename, files, ...packed }] = v.parse(printed, told);
  return {
    ...packed,
    tarball: path.join(into, filename),
    files: files.map(({ path: file }) => file),
  };
}
