/** Synthesizes the CDK app in process: the same template and the same bundles that `cdk deploy` would send. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { type Assembly, readAssembly } from 'fanfare-local/assembly';
import * as v from 'valibot';
import { type BundleOptions, buildBundles } from '../bundling/bundles.ts';
import { FanfareStack } from '../fanfare-stack.ts';
import { stackNameOf } from '../settings/stack-name.ts';
import { type StageSettings, stages } from '../settings/stage-settings.ts';
import { keptBundles, keptBundlesWith } from './kept-bundles.ts';
import { linkedCode } from './linked-code.ts';

export type { Assembly };

const cdkJson = v.object({ context: v.record(v.string(), v.unknown()) });

export interface SynthesisOptions extends BundleOptions {
  /** @default the settings of the local stage */
  readonly settings?: StageSettings;
  /** Gets the name of each slow step when it begins. */
  readonly onStep?: (step: string) => void;
}

/**
 * Builds the functions and synthesizes the local stage into `outdir`.
 *
 * @throws BundleError when a function does not build.
 */
export async function synthesize(outdir: string, options: SynthesisOptions = {}): Promise<Assembly> {
  const { settings = stages.local } = options;
  await writeAssembly(outdir, options);
  return readAssembly(outdir, stackNameOf(settings.name));
}

/** Writes the assembly. This part loads the CDK and the source of the app. */
export async function writeAssembly(outdir: string, options: SynthesisOptions = {}): Promise<void> {
  const assembly = path.join(outdir, 'cdk.out');
  const { settings = stages.local, onStep = () => {}, ...bundleOptions } = options;
  const bundles = await bundlesOf(bundleOptions, path.join(outdir, 'bundles'), onStep);
  onStep('Synthesizing');
  const app = new App({
    outdir: assembly,
    context: await cdkContext(),
    analyticsReporting: false,
    treeMetadata: false,
  });
  const { config } = bundleOptions;
  new FanfareStack(app, stackNameOf(settings.name), {
    settings,
    code: linkedCode(bundles, assembly),
    ...(config !== undefined && { config }),
  });
  app.synth();
}

/** Bundles with plugins or other sources are built into `own`, and not kept. */
async function bundlesOf(options: BundleOptions, own: string, onStep: (step: string) => void) {
  const { config, ...others } = options;
  if (Object.keys(others).length > 0) await buildBundles(own, options);
  else return config === undefined ? keptBundles(onStep) : keptBundlesWith(config, onStep);
  return own;
}

/** The feature flags of `cdk.json`, which the CDK command line passes to an app. */
async function cdkContext(): Promise<Record<string, unknown>> {
  const file = new URL('../../cdk.json', import.meta.url);
  return v.parse(cdkJson, JSON.parse(await readFile(file, 'utf8'))).context;
}
