/** Synthesizes the CDK app in process: the same template and the same bundles that `cdk deploy` would send. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import * as v from 'valibot';
import { type BundleOptions, buildBundles, bundledCode } from '../lib/bundles.ts';
import { FanfareStack } from '../lib/fanfare-stack.ts';
import { stackNameOf } from '../lib/stack-name.ts';
import { type StageSettings, stages } from '../lib/stage-settings.ts';
import { keptBundles } from './kept-bundles.ts';
import { parseTemplate, type Template } from './template/template.ts';

export interface Assembly {
  readonly template: Template;
  /** Folder of the code that a function's `S3Key` stands for. */
  readonly codeFolder: (s3Key: string) => string;
}

const cdkJson = v.object({ context: v.record(v.string(), v.unknown()) });

const assetManifest = v.object({
  files: v.record(
    v.string(),
    v.object({
      source: v.object({ path: v.string() }),
      destinations: v.record(v.string(), v.object({ objectKey: v.string() })),
    }),
  ),
});

export interface SynthesisOptions extends BundleOptions {
  /** @default those of the local stage */
  readonly settings?: StageSettings;
}

/**
 * Builds the functions and synthesizes the local stage into `outdir`.
 *
 * @throws BundleError when a function does not build.
 */
export async function synthesize(outdir: string, options: SynthesisOptions = {}): Promise<Assembly> {
  const assembly = path.join(outdir, 'cdk.out');
  const { settings = stages.local, ...bundleOptions } = options;
  const isAsDeployed = Object.keys(bundleOptions).length === 0;
  const bundles = isAsDeployed ? await keptBundles() : path.join(outdir, 'bundles');
  if (!isAsDeployed) await buildBundles(bundles, bundleOptions);
  const app = new App({
    outdir: assembly,
    context: await cdkContext(),
    analyticsReporting: false,
    treeMetadata: false,
  });
  const stack = new FanfareStack(app, stackNameOf(settings.name), { settings, code: bundledCode(bundles) });
  const { template } = app.synth().getStackArtifact(stack.artifactId);
  const folders = await assetFolders(assembly, `${stack.artifactId}.assets.json`);
  return {
    template: parseTemplate(template),
    codeFolder(s3Key) {
      const folder = folders.get(s3Key);
      if (folder === undefined) throw new Error(`The assembly has no asset ${s3Key}`);
      return folder;
    },
  };
}

/** The feature flags of `cdk.json`, which the CDK command line would pass on. */
async function cdkContext(): Promise<Record<string, unknown>> {
  const file = new URL('../cdk.json', import.meta.url);
  return v.parse(cdkJson, JSON.parse(await readFile(file, 'utf8'))).context;
}

async function assetFolders(assembly: string, manifest: string): Promise<Map<string, string>> {
  const { files } = v.parse(assetManifest, JSON.parse(await readFile(path.join(assembly, manifest), 'utf8')));
  const folders = new Map<string, string>();
  for (const { source, destinations } of Object.values(files)) {
    for (const { objectKey } of Object.values(destinations))
      folders.set(objectKey, path.join(assembly, source.path));
  }
  return folders;
}
