/** Makes an assembly for the runtime out of any CDK app, or out of a template that the CDK has written. */

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
  /** A command that writes a cloud assembly, the folder of a cloud assembly, or the file of a template. */
  readonly from: { readonly app: string } | { readonly templateFile: string };
  /** Ids or names of stacks. The list may be empty if the app has only one stack. */
  readonly stacks: readonly string[];
  readonly parameters: ReadonlyMap<string, string>;
  /** Absolute path of the folder in which the command runs and Node looks for modules. */
  readonly project: string;
}

const TEMPLATE = '.template.json';

/** @throws StartError for a mistake that the user can mend. */
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
  // The CDK command line, too, takes the folder of a cloud assembly in place of a command.
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

/** The CDK knows the keys of assets before a deployment, so that templates contain them as plain texts. */
function codeKeys({ Resources }: Template): string[] {
  return Object.values(Resources).flatMap(({ Type, Properties }) =>
    Type === 'AWS::Lambda::Function' && v.is(functionCode, Properties) ? [Properties.Code.S3Key] : [],
  );
}
