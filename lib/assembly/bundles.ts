/**
 * Bundles every function's entry file with esbuild: one code for AWS, for the local runtime and for tests. This module does not
 * import the CDK, because a build without a synthesis does not need it.
 */

import { rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildFailure, type BuildOptions, build, type Message } from 'esbuild';
import { type FunctionName, functionNames } from '../../lambdas/manifest/manifest.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Some of the SDK's dependencies are CommonJS and call `require`, which an ES module does not have. */
const REQUIRE =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** For tests: other sources, fewer functions, or esbuild plugins and definitions. */
export interface BundleOptions extends Pick<BuildOptions, 'plugins' | 'define'> {
  readonly sources?: string;
  /** @default every function of the manifest */
  readonly only?: readonly FunctionName[];
}

/** A mistake in the source of a function, in one sentence that names file and line. */
export class BundleError extends Error {
  override readonly name = 'BundleError';
  /** The local runtime prints only its sentence, without a stack trace. */
  readonly isMistake = true;
}

/**
 * Writes `<outdir>/<function>/index.mjs` and its source map, for every function of the manifest or for those of `only`. Modules
 * that a function loads only when it needs them are in files beside it.
 *
 * @throws BundleError when the source does not build.
 */
export async function buildBundles(outdir: string, options: BundleOptions = {}): Promise<void> {
  const { only = functionNames, ...others } = options;
  const builds = only.map((name) => buildBundle(name, path.join(outdir, name), others));
  // Waits for all builds, so that no build writes any more when this has failed.
  const outcomes = await Promise.allSettled(builds);
  const failure: unknown = outcomes.find((outcome) => outcome.status === 'rejected')?.reason;
  if (isBuildFailure(failure)) throw new BundleError(sentence(failure.errors));
  if (failure !== undefined) throw failure;
}

/** One build for each function, because files beside an entry would otherwise be shared between functions. */
async function buildBundle(
  name: FunctionName,
  outdir: string,
  { sources = path.join(root, 'lambdas'), ...options }: Omit<BundleOptions, 'only'>,
): Promise<void> {
  // The names of files beside the entry change with their content, and would pile up.
  await rm(outdir, { recursive: true, force: true });
  await build({
    entryPoints: { index: path.join(sources, `${name}.ts`) },
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    // So a cold start reads only the code that every invocation needs.
    splitting: true,
    minify: true,
    sourcemap: true,
    sourcesContent: false,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: { js: REQUIRE },
    absWorkingDir: root,
    logLevel: 'silent',
    ...options,
  });
}

function isBuildFailure(failure: unknown): failure is BuildFailure {
  return failure instanceof Error && 'errors' in failure;
}

function sentence([first]: readonly Message[]): string {
  if (!first) return 'A function does not build.';
  const { location, text } = first;
  return location ? `${location.file}:${location.line}:${location.column + 1} does not build: ${text}` : text;
}
