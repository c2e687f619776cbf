/** Builds the functions of an app at its synthesis, and keeps the bundles for the next one. */

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { buildSync, version } from 'esbuild';
import type { FunctionName } from '../../lambdas/manifest/manifest.ts';
import { buildMistake } from './bundle-error.ts';
import { buildingFolder } from './bundle-folders.ts';
import { entryOf, functionBuild, hasInput } from './bundles.ts';
import { KEPT, SOURCE_FOLDERS, SOURCES } from './sources.ts';
import type { UserConfig } from './user-config.ts';

/** They stand for the installed packages, such as the SDK, of which bundles are made, too. */
const LOCK_FILES = ['package-lock.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock', 'bun.lockb'];

/** A younger folder may be in use by another process. Milliseconds. */
const UNUSED_MS = 7 * 24 * 60 * 60 * 1_000;

/**
 * The folder with the bundle of each function. Functions without the configuration in them are the same for every
 * configuration, so an edit of it builds only those that have it.
 *
 * @throws BundleError when a function does not build.
 */
export function builtFunctions(config: UserConfig): (name: FunctionName) => string {
  const shared = path.join(KEPT, `functions-${fingerprint()}`);
  const own = `${shared}-${config.fingerprint}`;
  return (name) => {
    const kept = [shared, own].map((folder) => path.join(folder, name)).find((folder) => existsSync(folder));
    if (kept !== undefined) return kept;
    removeUnusedBut(shared);
    const built = path.join(buildingFolder(), name);
    return keep(built, path.join(hasConfig(name, built, config) ? own : shared, name));
  };
}

/** Builds the function. @returns whether the configuration is in it. */
function hasConfig(name: FunctionName, outdir: string, { file }: UserConfig): boolean {
  try {
    const { metafile } = buildSync({ ...functionBuild(entryOf(name), outdir, file), metafile: true });
    return hasInput(metafile, file);
  } catch (error) {
    throw buildMistake(error);
  }
}

/** Moves a finished build to where it is kept. @returns the path where it is kept */
export function keep(built: string, kept: string): string {
  mkdirSync(path.dirname(kept), { recursive: true });
  try {
    renameSync(built, kept);
  } catch (error) {
    // If another process was faster, its folder holds the same.
    if (!existsSync(kept)) throw error;
  }
  rmSync(path.dirname(built), { recursive: true, force: true });
  return kept;
}

/** @param used The beginning of the paths that this process uses. */
function removeUnusedBut(used: string): void {
  if (!existsSync(KEPT)) return;
  const folders = readdirSync(KEPT).map((name) => path.join(KEPT, name));
  for (const folder of folders.filter((folder) => !folder.startsWith(used))) {
    const stats = statSync(folder, { throwIfNoEntry: false });
    if (stats && stats.mtimeMs < Date.now() - UNUSED_MS) rmSync(folder, { recursive: true, force: true });
  }
}

/** Neither the sources nor the installed packages change while an app is synthesized. */
let known: string | undefined;

function fingerprint(): string {
  known ??= computed();
  return known;
}

function computed(): string {
  const hash = createHash('sha256').update(version);
  const files = [...SOURCE_FOLDERS.flatMap(filesIn), ...lockFiles()];
  for (const file of files) {
    const content = readFileSync(file);
    hash.update(`${file}\0${content.byteLength}\0`).update(content);
  }
  return hash.digest('hex').slice(0, 16);
}

function filesIn(folder: string): string[] {
  const entries = readdirSync(path.join(SOURCES, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => path.join(parentPath, name)).sort();
}

/** Of the package's own folder and of every folder above, and of the app's. */
function lockFiles(): string[] {
  const folders = new Set([...foldersAbove(SOURCES), ...foldersAbove(process.cwd())]);
  const files = [...folders].flatMap((folder) => LOCK_FILES.map((name) => path.join(folder, name)));
  return files.filter((file) => existsSync(file));
}

function foldersAbove(folder: string): string[] {
  const above = path.dirname(folder);
  return above === folder ? [folder] : [folder, ...foldersAbove(above)];
}
