/** Finds the configuration of the stage's application: what it allows decides in which channels facts play. */

import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { CommandLineError } from '../bin/command-line.ts';
import { stageInfo } from '../lambdas/realtime/access/stage-info.ts';
import { loadUserConfig } from '../lib/bundling/user-config.ts';
import { Places } from './places.ts';

const CONFIGURATION = /^fanfare\.config\.[cm]?[jt]s$/;

/** Folders with copies and bundles. */
const NOT_SOURCES = /^(?:node_modules|cdk\.out|dist|\..*)$/;

/** Deep enough for an app, and no walk through all of a home folder. */
const DEEPEST = 4;

interface Named {
  readonly config: string | undefined;
  readonly channels: readonly string[];
}

/**
 * @param stage The name of the stage.
 * @throws CommandLineError if there is no configuration, or more than one.
 */
export async function placesOf(stage: string, { config, channels }: Named): Promise<Places> {
  const { declare } = loadUserConfig(config ?? (await onlyOneIn(process.cwd())));
  return new Places(declare(stageInfo(stage)), channels);
}

/** That of the folder itself, or the only one below it. */
async function onlyOneIn(folder: string): Promise<string> {
  const [own] = await configurationsIn(folder, 0);
  if (own !== undefined) return own;
  const found = await configurationsIn(folder, DEEPEST);
  const [only, ...others] = found;
  if (only === undefined)
    throw new CommandLineError(
      `There is no fanfare.config.ts in ${folder}: name the one of the stage with --config.`,
    );
  if (others.length === 0) return only;
  const names = found.map((file) => path.relative(folder, file)).toSorted();
  throw new CommandLineError(`Choose the configuration of the stage with --config: ${names.join(', ')}.`);
}

async function configurationsIn(folder: string, depth: number): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const here = entries.filter((entry) => entry.isFile() && CONFIGURATION.test(entry.name));
  const files = here.map(({ name }) => path.join(folder, name));
  if (depth === 0) return files;
  const folders = entries.filter((entry) => entry.isDirectory() && !NOT_SOURCES.test(entry.name));
  const below = await Promise.all(
    folders.map(({ name }) => configurationsIn(path.join(folder, name), depth - 1)),
  );
  return [...files, ...below.flat()];
}
