/** Keeps the bundles of the functions from one start to the next. It builds them again when their sources have changed. */

import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { functionNames } from '../../lambdas/manifest/manifest.ts';
import { buildingFolder, KEPT } from '../bundling/bundle-folders.ts';
import { buildBundles } from '../bundling/bundles.ts';
import { loadUserConfig } from '../bundling/user-config.ts';
import { fingerprintOf, removeUnused } from './kept-folders.ts';
import { linkFiles } from './linked-files.ts';

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
  const configured = await buildBundles(built);
  // An edit during the build belongs to the next one.
  if ((await fingerprint()) !== print) return built;
  await removeUnused(KEPT);
  await writeFile(configuredFile(folder), JSON.stringify(configured));
  return keep(built, folder);
}

/**
 * The folder with the bundles of the source and of another configuration. Only the functions that have the configuration in them are
 * built: the others are the same for every configuration.
 *
 * @param config Absolute path.
 * @param onStep Called before functions are built.
 * @throws BundleError when a function does not build.
 */
export async function keptBundlesWith(
  config: string,
  onStep: (step: string) => void = () => {},
): Promise<string> {
  const kept = await keptBundles(onStep);
  const folder = `${kept}-${loadUserConfig(config).fingerprint}`;
  if (existsSync(folder)) return folder;
  const only = await configuredIn(kept);
  onStep(`Building ${only.length} functions`);
  const built = buildingFolder();
  await buildBundles(built, { only, config });
  for (const name of functionNames.filter((one) => !only.includes(one))) {
    const same = path.join(kept, name);
    linkFiles(same, await readdir(same), path.join(built, name));
  }
  return keep(built, folder);
}

/** If another process was faster, its folder holds the same. */
async function keep(built: string, folder: string): Promise<string> {
  await rename(built, folder).catch(() => rm(built, { recursive: true }));
  return folder;
}

/** The file with the names of the functions that have the configuration in them: beside the folder, because all in it is deployed. */
const configuredFile = (folder: string) => `${folder}.json`;

/** All functions if an edit during their build has left no such file. */
async function configuredIn(folder: string) {
  const text = await readFile(configuredFile(folder), 'utf8').catch(() => undefined);
  return text === undefined ? functionNames : v.parse(v.array(v.picklist(functionNames)), JSON.parse(text));
}

async function fingerprint(): Promise<string> {
  return (await fingerprintOf(SOURCES)).toString('hex').slice(0, 16);
}
