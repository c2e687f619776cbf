/** Turns any CDK app, or a template that it has written, into what the runtime serves. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { StartError } from '../start-error.ts';
import { parseTemplate, type Template } from '../template/cloud-formation.ts';
import { assetFiles } from './asset-files.ts';
import { withParameters } from './given-parameters.ts';
import { mergeTemplates } from './merge-templates.ts';
import type { Assembly } from './read-assembly.ts';
import { readJson } from './read-json.ts';
import { runApp } from './run-app.ts';
import { type AssembledStack, chosenStacks, stacksIn } from './stacks.ts';
import { linkSdk, stageCode } from './staged-code.ts';

export interface AppSource {
  /** A command that writes a cloud assembly, or the folder of one; or the file of a template. */
  readonly from: { readonly app: string } | { readonly templateFile: string };
  /** Ids or names of stacks; may be empty if there is only one. */
  readonly stacks: readonly string[];
  readonly parameters: ReadonlyMap<string, string>;
  /** Absolute path of the folder where commands run and modules are looked for. */
  readonly project: string;
}

const TEMPLATE = '.template.json';

/** @throws StartError for what its user can mend. */
export async function assembleApp(source: AppSource, outdir: string): Promise<Assembly> {
  const stacks = await stacksOf(source, outdir);
  const templates = await Promise.all(
    stacks.map(async ({ stackName, templateFile }) => ({
      stackName,
      template: parseTemplate(await readJson(templateFile, v.unknown())),
    })),
  );
  const template = withParameters(mergeTemplates(templates), source.parameters);
  const manifests = [...new Set(stacks.flatMap(({ assetManifests }) => assetManifests))];
  const files = new Map((await Promise.all(manifests.map(assetFiles))).flatMap((found) => [...found]));
  const folders = await stageCode(files, codeKeys(template), outdir);
  await linkSdk(outdir, source.project);
  return {
    template,
    codeFolder(s3Key) {
      const folder = folders.get(s3Key);
      if (folder === undefined) throw new StartError(`The code ${s3Key} is not beside the template.`);
      return folder;
    },
  };
}

async function stacksOf(
  { from, project, stacks }: AppSource,
  outdir: string,
): Promise<readonly AssembledStack[]> {
  if ('templateFile' in from) return [ofTemplate(path.resolve(project, from.templateFile))];
  // As with the command line of the CDK, the app may be what it has written before.
  const written = path.resolve(project, from.app);
  if (existsSync(path.join(written, 'manifest.json'))) return chosenStacks(await stacksIn(written), stacks);
  const assembly = path.join(outdir, 'cdk.out');
  await runApp(from.app, project, assembly);
  return chosenStacks(await stacksIn(assembly), stacks);
}

/** The CDK writes `X.assets.json` beside `X.template.json`. */
function ofTemplate(templateFile: string): AssembledStack {
  const base = templateFile.endsWith(TEMPLATE) ? templateFile.slice(0, -TEMPLATE.length) : templateFile;
  const manifest = `${base}.assets.json`;
  const id = path.basename(base);
  return { id, stackName: id, templateFile, assetManifests: existsSync(manifest) ? [manifest] : [] };
}

const functionCode = v.object({ Code: v.object({ S3Key: v.string() }) });

/** Keys are always written out, because the CDK knows them before anything is deployed. */
function codeKeys({ Resources }: Template): string[] {
  return Object.values(Resources).flatMap(({ Type, Properties }) =>
    Type === 'AWS::Lambda::Function' && v.is(functionCode, Properties) ? [Properties.Code.S3Key] : [],
  );
}
