/**
 * Bundles every function's entry file with esbuild: one code for AWS, for the local runtime and for tests. This module does not
 * import the CDK, because a build without a synthesis does not need it.
 */

import { rm } from 'node:fs/promises';
import path from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { type FunctionName, functionNames } from '../../lambdas/manifest/manifest.ts';
import { BundleError, buildMistake } from './bundle-error.ts';
import { CONFIG_DOOR, SOURCES, sourceFile, WORKING_FOLDER } from './sources.ts';

export { BundleError };

/** Some of the SDK's dependencies are CommonJS and call `require`, which an ES module does not have. */
const REQUIRE =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** For tests: other sources, fewer functions, another configuration, or esbuild plugins and definitions. */
export interface BundleOptions extends Pick<BuildOptions, 'plugins' | 'define'> {
  readonly sources?: string;
  /** @default every function of the manifest */
  readonly only?: readonly FunctionName[];
  /** Absolute path of the configuration. @default `fanfare.config.ts` of this repository */
  readonly config?: string;
}

/** How the configuration and the functions are read: the same files for both. */
export function readingOptions(config: string) {
  return {
    alias: { 'fanfare-config': config, 'fanfare/config': CONFIG_DOOR },
    bundle: true,
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    absWorkingDir: WORKING_FOLDER,
    logLevel: 'silent',
  } as const satisfies BuildOptions;
}

/** The build of one function: `<outdir>/index.mjs` and the modules that it loads later. */
export function functionBuild(entry: string, outdir: string, config: string) {
  return {
    ...functionOptions(config, outdir),
    entryPoints: { index: entry },
  } as const satisfies BuildOptions;
}

/** How a function is built, without its entry. */
export function functionOptions(config: string, outdir: string) {
  return {
    ...readingOptions(config),
    outdir,
    outExtension: { '.js': '.mjs' },
    // So a cold start reads only the code that every invocation needs.
    splitting: true,
    minify: true,
    sourcemap: true,
    sourcesContent: false,
    format: 'esm',
    banner: { js: REQUIRE },
  } as const satisfies BuildOptions;
}

/** The entry file of a function. */
export const entryOf = (name: FunctionName) => sourceFile(`lambdas/${name}`);

/**
 * Writes `<outdir>/<function>/index.mjs` and its source map, for every function of the manifest or for those of `only`. Modules
 * that a function loads only when it needs them are in files beside it.
 *
 * @returns the functions that have the configuration in them.
 * @throws BundleError when the source does not build.
 */
export async function buildBundles(
  outdir: string,
  options: BundleOptions = {},
): Promise<readonly FunctionName[]> {
  const { only = functionNames, ...others } = options;
  const builds = only.map((name) => buildBundle(name, path.join(outdir, name), others));
  // Waits for all builds, so that no build writes any more when this has failed.
  const outcomes = await Promise.allSettled(builds);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw buildMistake(failed.reason);
  return only.filter((_name, index) => {
    const outcome = outcomes[index];
    return outcome?.status === 'fulfilled' && outcome.value;
  });
}

/**
 * One build for each function, because files beside an entry would otherwise be shared between functions.
 *
 * @returns whether the configuration is in it.
 */
async function buildBundle(
  name: FunctionName,
  outdir: string,
  { sources, config = path.join(SOURCES, 'fanfare.config.ts'), ...options }: Omit<BundleOptions, 'only'>,
): Promise<boolean> {
  const entry = sources === undefined ? entryOf(name) : path.join(sources, `${name}.ts`);
  // The names of files beside the entry change with their content, and would pile up.
  await rm(outdir, { recursive: true, force: true });
  const { metafile } = await build({ ...functionBuild(entry, outdir, config), ...options, metafile: true });
  return hasInput(metafile, config);
}

/** Whether the file is in the bundle. */
export function hasInput({ inputs }: Metafile, file: string): boolean {
  return Object.keys(inputs).some((input) => path.resolve(WORKING_FOLDER, input) === file);
}
