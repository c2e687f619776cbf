/** Synthesizes the CDK app in process: the same template and the same bundles that `cdk deploy` would send. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import * as v from 'valibot';
import config from '../../fanfare.config.js';
import { readAssembly } from '../../packages/local/src/cloud-assembly/read-assembly.js';
import { checkConfig } from '../check-config.js';
import { FanfareStack } from '../fanfare-stack.js';
import { stackNameOf } from '../stack-name.js';
import { stages } from '../stage-settings.js';
import { buildBundles, bundledCode } from './bundles.js';
import { keptBundles } from './kept-bundles.js';
const cdkJson = v.object({ context: v.record(v.string(), v.unknown()) });
/**
 * Builds the functions and synthesizes the local stage into `outdir`.
 *
 * @throws BundleError when a function does not build.
 */
export async function synthesize(outdir, options = {}) {
    const { settings = stages.local } = options;
    await writeAssembly(outdir, options);
    return readAssembly(outdir, stackNameOf(settings.name));
}
/** The half that loads the CDK and the source of the app. */
export async function writeAssembly(outdir, options = {}) {
    const assembly = path.join(outdir, 'cdk.out');
    const { settings = stages.local, onStep = () => { }, ...bundleOptions } = options;
    checkConfig(config, { local: settings.name === 'local' });
    const isAsDeployed = Object.keys(bundleOptions).length === 0;
    const bundles = isAsDeployed ? await keptBundles(onStep) : path.join(outdir, 'bundles');
    if (!isAsDeployed)
        await buildBundles(bundles, bundleOptions);
    onStep('Synthesizing');
    const app = new App({
        outdir: assembly,
        context: await cdkContext(),
        analyticsReporting: false,
        treeMetadata: false,
    });
    new FanfareStack(app, stackNameOf(settings.name), { settings, code: bundledCode(bundles) });
    app.synth();
}
/** The feature flags of `cdk.json`, which the CDK command line would pass on. */
async function cdkContext() {
    const file = new URL('../../cdk.json', import.meta.url);
    return v.parse(cdkJson, JSON.parse(await readFile(file, 'utf8'))).context;
}
