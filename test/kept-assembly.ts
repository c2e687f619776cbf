/**
 * Assemblies of the app, kept on disk from one test file to the next: the CDK takes seconds to load and to synthesize, and most
 * files start the same app. An assembly is synthesized again if its sources have changed.
 */

import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import * as v from 'valibot';
import type { FunctionName } from '../lambdas/manifest/manifest.ts';
import { fingerprintOf, removeUnused } from '../lib/assembly/kept-folders.ts';
import { stackNameOf } from '../lib/settings/stack-name.ts';
import type { FallbackSettings, StageSettings } from '../lib/settings/stage-settings.ts';
import { type Assembly, readAssembly } from '../packages/local/src/cloud-assembly/read-assembly.ts';
import type { Template } from '../packages/local/src/template/cloud-formation.ts';
import { configuredBy } from './e2e/security/configured-by.ts';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));

const KEPT = path.join(PROJECT, '.local', 'assemblies');

/** The folders and files of which an assembly is made. The lock file stands for the installed packages. */
const SOURCES = [
  'lambdas',
  'lib',
  'packages/protocol',
  'fanfare.config.ts',
  // The configuration that tests share has its action.
  'examples/dice',
  'cdk.json',
  'package-lock.json',
];

/** The differences from the local stage. They are plain data, so that only a synthesis loads the CDK. */
export interface Changes {
  readonly origins?: StageSettings['origins'];
  readonly tokens?: Partial<StageSettings['tokens']>;
  readonly fallback?: 'none' | Partial<FallbackSettings>;
  readonly lifecycleEvents?: Partial<StageSettings['lifecycleEvents']>;
  /** A file in place of `fanfare.config.ts`. It imports nothing but that, `fanfare/config` and the dice of the examples. */
  readonly config?: URL;
}

interface OwnFunctions {
  readonly names: readonly FunctionName[];
  readonly outdir: string;
  readonly plugins: Plugin[];
}

/** The sources do not change while a test file runs. */
let sources: Promise<Buffer> | undefined;

/** The local stage with these changes. */
export async function keptAssembly(changes: Changes = {}): Promise<Assembly> {
  const folder = path.join(KEPT, await fingerprint(changes));
  if (!existsSync(folder)) await synthesizeInto(folder, changes);
  const assembly = await readAssembly(folder, stackNameOf('local'));
  return { ...assembly, template: withPatience(assembly.template) };
}

/** Only a hang takes so long. Deployed functions have ten seconds and more, which a busy machine may need for a cold start. */
const PATIENCE_SECONDS = 600;

/** The properties with which a resource waits so long for a function. */
const patience: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'AWS::Lambda::Function': { Timeout: PATIENCE_SECONDS },
  'AWS::ApiGatewayV2::Integration': { TimeoutInMillis: PATIENCE_SECONDS * 1000 },
};

const anyProperties = v.looseObject({ Timeout: v.optional(v.number()) });

/** The template, in which no function and no integration gives up before the test does. Mocks of the gateway do not wait. */
function withPatience({ Resources, ...template }: Template): Template {
  const patient = Object.entries(Resources).map(([id, resource]) => {
    const more = patience[resource.Type];
    if (!more) return [id, resource];
    const { Timeout = 0, ...properties } = v.parse(anyProperties, resource.Properties);
    // The function of the fallback has more.
    if (Timeout > PATIENCE_SECONDS) return [id, resource];
    return [id, { ...resource, Properties: { ...properties, ...more } }];
  });
  return { ...template, Resources: Object.fromEntries(patient) };
}

/** This assembly, in which these functions are built anew with plugins, into `outdir`. All others are as they were. */
export async function assemblyWithOwn(
  kept: Assembly,
  { names, outdir, plugins }: OwnFunctions,
): Promise<Assembly> {
  const { buildBundles } = await import('../lib/bundling/bundles.ts');
  await buildBundles(outdir, { only: names, plugins });
  const own = new Map(names.map((name) => [codeKeyOf(kept.template, name), path.join(outdir, name)]));
  return { ...kept, codeFolder: (s3Key) => own.get(s3Key) ?? kept.codeFolder(s3Key) };
}

const functionCode = v.object({ Code: v.object({ S3Key: v.string() }) });

/** The CDK makes the logical id of a function from its name, without hyphens, and ends it with a hash. */
function codeKeyOf({ Resources }: Template, name: FunctionName): string {
  const start = `${name.replaceAll('-', '')}Function`;
  const found = Object.entries(Resources).find(
    ([id, { Type }]) => Type === 'AWS::Lambda::Function' && id.startsWith(start),
  );
  if (!found) throw new Error(`The template has no function ${name}`);
  return v.parse(functionCode, found[1].Properties).Code.S3Key;
}

async function synthesizeInto(folder: string, changes: Changes): Promise<void> {
  const building = path.join(KEPT, `building.${randomUUID()}`);
  await write(building, changes);
  await removeUnused(KEPT);
  // If another process was faster, its folder holds the same.
  await rename(building, folder).catch(() => rm(building, { recursive: true }));
}

async function write(outdir: string, changes: Changes): Promise<void> {
  const { writeAssembly } = await import('../lib/assembly/assembly.ts');
  const { stages } = await import('../lib/settings/stage-settings.ts');
  const { origins, tokens, fallback, lifecycleEvents, config } = changes;
  const { local } = stages;
  const settings: StageSettings = {
    ...local,
    origins: origins ?? local.origins,
    tokens: { ...local.tokens, ...tokens },
    fallback: fallback === 'none' ? 'none' : { ...local.fallback, ...fallback },
    lifecycleEvents: { ...local.lifecycleEvents, ...lifecycleEvents },
  };
  await writeAssembly(outdir, { settings, ...(config && configuredBy(config)) });
}

async function fingerprint({ config, ...settings }: Changes): Promise<string> {
  sources ??= fingerprintOf(SOURCES);
  const hash = createHash('sha256').update(await sources);
  hash.update(JSON.stringify(settings));
  if (config) hash.update(config.pathname).update(await readFile(config));
  return hash.digest('hex').slice(0, 16);
}
