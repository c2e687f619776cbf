/** Builds a package into a folder of its own, which `npm pack` packs. */

import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buildClient } from './build-client.ts';
import { buildLocal } from './build-local.ts';
import { publishedManifest, readManifest } from './manifest.ts';
import { type PublishedName, sourceOf } from './places.ts';
import { runProgram } from './run-tool.ts';
import { thirdPartyLicences } from './third-party-licences.ts';

/** @param built A folder that is emptied first. */
export async function buildPackage(name: PublishedName, built: string): Promise<void> {
  const source = sourceOf(name);
  const manifest = await readManifest(source);
  await rm(built, { recursive: true, force: true });
  await mkdir(built, { recursive: true });
  if (name === 'fanfare-local') await buildLocal(source, built);
  else {
    const inputs = await buildClient(source, built, manifest);
    await writeFile(path.join(built, 'THIRD-PARTY-LICENSES.txt'), await thirdPartyLicences(inputs));
  }
  for (const file of ['README.md', 'LICENSE', 'CHANGELOG.md'])
    await cp(path.join(source, file), path.join(built, file));
  await writeFile(
    path.join(built, 'package.json'),
    `${JSON.stringify(publishedManifest(manifest, name === 'fanfare-client'), null, 2)}\n`,
  );
}

export interface Packed {
  readonly tarball: string;
  /** Bytes of the tarball. */
  readonly size: number;
  readonly unpackedSize: number;
  /** The files of the package, by their paths. */
  readonly files: readonly string[];
}

/** @param into An existing folder, for the tarball. */
export async function packPackage(built: string, into: string): Promise<Packed> {
  const printed = await runProgram(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', into],
    built,
  );
  const [{ filename, size, unpackedSize, files }] = JSON.parse(printed);
  return {
    tarball: path.join(into, filename),
    size,
    unpackedSize,
    files: files.map(({ path: file }: { path: string }) => file),
  };
}
