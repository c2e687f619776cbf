/** Builds a package into its folder `dist`. `npm pack` and `npm publish` do it first, by the script `prepack` of the package. */

import { mkdir, rm } from 'node:fs/promises';
import { buildClient } from './build-client.ts';
import { buildFanfare } from './build-fanfare.ts';
import { buildLocal } from './build-local.ts';
import { doorsOf, readManifest } from './manifest.ts';
import { builtOf, folderOf, type PublishedName } from './places.ts';

const builds = { fanfare: buildFanfare, 'fanfare-client': buildClient, 'fanfare-local': buildLocal };

export async function buildPackage(name: PublishedName): Promise<void> {
  const folder = folderOf(name);
  const built = builtOf(name);
  const doors = doorsOf(await readManifest(folder));
  await rm(built, { recursive: true, force: true });
  await mkdir(built, { recursive: true });
  await builds[name](folder, built, doors);
}
