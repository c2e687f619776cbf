/** The code of a function that publishes the changes of a table: a file of the app in the package's own handler. */

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';
import { keep } from './built-functions.ts';
import { BundleError, buildMistake } from './bundle-error.ts';
import { buildingFolder } from './bundle-folders.ts';
import { functionOptions } from './bundles.ts';
import { KEPT, SOURCES, sourceFile } from './sources.ts';

/** Runs what the file exports. */
const PUBLISHER = 'lambdas/own-changes/publisher';

/**
 * @param written The path of the file: absolute, or relative to the folder in which the app runs.
 * @throws BundleError for a file that is missing or does not build.
 */
export function changeCode(written: string): Code {
  const file = path.resolve(written);
  if (!existsSync(file)) throw new BundleError(`There is no file ${written} in ${process.cwd()}.`);
  const outdir = path.join(buildingFolder(), 'changes');
  const contents = `import announce from ${JSON.stringify(file)};
import { publisherOf } from ${JSON.stringify(sourceFile(PUBLISHER))};
export const handler = publisherOf(announce);`;
  try {
    buildSync({
      ...functionOptions(file, outdir),
      stdin: { contents, resolveDir: SOURCES, sourcefile: 'changes.js' },
      entryNames: 'index',
    });
  } catch (error) {
    throw buildMistake(error);
  }
  const hash = createHash('sha256').update(readFileSync(path.join(outdir, 'index.mjs')));
  return Code.fromAsset(keep(outdir, path.join(KEPT, `changes-${hash.digest('hex').slice(0, 16)}`)));
}
