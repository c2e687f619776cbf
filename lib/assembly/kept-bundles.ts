/** Keeps the bundles of the functions from one start to the next. It builds them again when their sources have changed. */

import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { functionNames } from '../../lambdas/manifest/manifest.ts';
import { buildingFolder, KEPT } from '../bundling/bundle-folders.ts';
import { buildBundles } from '../bundling/bundles.ts';
import { fingerprintOf, removeUnused } from './kept-folders.ts';

/** The folders and files of which a bundle is made. The lock file stands for the installed packages. */
const SOURCES = [
  'lambdas',
  'packages/protocol',
  'fanfare.config.ts',
  'lib/bundling/bundles.ts',
  'package-lock.json',
];

/**
 * The folder with the bundles of the source as it is now.
 *
 * @param onStep Called before functions are built, because a build takes seconds.
 * @throws BundleError when a function does not build.
 */
export async function keptBundles(onStep: (step: string) => void = () => {}): Promise<string> {
  const print = await fingerprint();
  const folder = path.join(KEPT, print);
  if (existsSync(folder)) return folder;
  const built = buildingFolder();
  onStep(`Building ${functionNames.length} functions`);
  await buildBundles(built);
  // An edit during the build belongs to the next one.
  if ((await fingerprint()) !== print) return built;
  await removeUnused(KEPT);
  // Where another process was faster, its folder holds the same.
  await rename(built, folder).catch(() => rm(built, { recursive: true }));
  return folder;
}

async function fingerprint(): Promise<string> {
  return (await fingerprintOf(SOURCES)).toString('hex').slice(0, 16);
}
