/** Bundles every function's entry file with esbuild: one code for AWS, for the local runtime and for tests. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { build } from 'esbuild';
import { functionNames } from '../../lambdas/manifest/manifest.js';
const root = fileURLToPath(new URL('../..', import.meta.url));
/** Some of the SDK's dependencies are CommonJS and call `require`, which an ES module does not have. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
/** A mistake in the source of a function, in one sentence that names file and line. */
export class BundleError extends Error {
    name = 'BundleError';
}
/**
 * Writes `<outdir>/<function>/index.mjs`, with what it loads only when it is needed in files beside it, and source maps,
 * for every function of the manifest.
 *
 * @throws BundleError when the source does not build.
 */
export async function buildBundles(outdir, options = {}) {
    const builds = functionNames.map((name) => buildBundle(name, path.join(outdir, name), options));
    // All of them are waited for, so that nothing is written any more when this has failed.
    const outcomes = await Promise.allSettled(builds);
    const failure = outcomes.find((outcome) => outcome.status === 'rejected')?.reason;
    if (isBuildFailure(failure))
        throw new BundleError(sentence(failure.errors));
    if (failure !== undefined)
        throw failure;
}
/** One build for each function, because files beside an entry would otherwise be shared between functions. */
async function buildBundle(name, outdir, { sources = path.join(root, 'lambdas'), ...options }) {
    // The names of files beside the entry change with their content, and would pile up.
    await rm(outdir, { recursive: true, force: true });
    await build({
        entryPoints: { index: path.join(sources, `${name}.ts`) },
        outdir,
        outExtension: { '.js': '.mjs' },
        bundle: true,
        // A cold start reads only what every invocation needs.
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
/** What a stack deploys of the bundles under `outdir`. */
export function bundledCode(outdir) {
    return (name) => Code.fromAsset(path.join(outdir, name));
}
function isBuildFailure(failure) {
    return failure instanceof Error && 'errors' in failure;
}
function sentence([first]) {
    if (!first)
        return 'A function does not build.';
    const { location, text } = first;
    return location ? `${location.file}:${location.line}:${location.column + 1} does not build: ${text}` : text;
}
