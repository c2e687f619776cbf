/** Bundles every function's entry file with esbuild: one code for AWS, for the local runtime and for tests. */

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { type BuildFailure, type BuildOptions, build, type Message } from 'esbuild';
import { type FunctionName, functionNames } from '../lambdas/manifest.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Some of the SDK's dependencies are CommonJS and call `require`, which an ES module does not have. */
const REQUIRE =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** For tests: other sources, or esbuild plugins and definitions. */
export interface BundleOptions extends Pick<BuildOptions, 'plugins' | 'define'> {
  readonly sources?: string;
}

/** A mistake in the source of a function, in one sentence that names file and line. */
export class BundleError extends Error {
  override readonly name = 'BundleError';
}

/**
 * Writes `<outdir>/<function>/index.mjs` and its source map, for every function of the manifest.
 *
 * @throws BundleError when the source does not build.
 */
export async function buildBundles(
  outdir: string,
  { sources = path.join(root, 'lambdas'), ...options }: BundleOptions = {},
): Promise<void> {
  try {
    await build({
      entryPoints: Object.fromEntries(functionNames.map((name) => [name, path.join(sources, `${name}.ts`)])),
      outdir,
      entryNames: '[name]/index',
      outExtension: { '.js': '.mjs' },
      bundle: true,
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
  } catch (failure) {
    if (isBuildFailure(failure)) throw new BundleError(sentence(failure.errors));
    throw failure;
  }
}

/** What a stack deploys of the bundles under `outdir`. */
export function bundledCode(outdir: string): (name: FunctionName) => Code {
  return (name) => Code.fromAsset(path.join(outdir, name));
}

function isBuildFailure(failure: unknown): failure is BuildFailure {
  return failure instanceof Error && 'errors' in failure;
}

function sentence([first]: readonly Message[]): string {
  if (!first) return 'A function does not build.';
  const { location, text } = first;
  return location ? `${location.file}:${location.line}:${location.column + 1} does not build: ${text}` : text;
}
