/** The stacks of a cloud assembly, including the stacks of its stages. */

import path from 'node:path';
import * as v from 'valibot';
import { StartError } from '../start-error.ts';
import { readJson } from './read-json.ts';

export interface AssembledStack {
  /** The id that `cdk list` shows. */
  readonly id: string;
  /** The name in CloudFormation. */
  readonly stackName: string;
  readonly templateFile: string;
  /** The asset manifests of all stacks in the same folder. */
  readonly assetManifests: readonly string[];
}

const named = { displayName: v.optional(v.string()) };

const stack = v.object({
  ...named,
  type: v.literal('aws:cloudformation:stack'),
  properties: v.object({ templateFile: v.string(), stackName: v.optional(v.string()) }),
});
const assets = v.object({
  type: v.literal('cdk:asset-manifest'),
  properties: v.object({ file: v.string() }),
});
const nested = v.object({
  type: v.literal('cdk:cloud-assembly'),
  properties: v.object({ directoryName: v.string() }),
});

const manifest = v.object({
  artifacts: v.optional(v.record(v.string(), v.unknown()), {}),
  missing: v.optional(v.array(v.object({ provider: v.string() })), []),
});

/**
 * @param folder The folder in which the CDK has written `manifest.json`.
 * @throws StartError for a folder that is not a cloud assembly, or for an app that needs context from AWS.
 */
export async function stacksIn(folder: string): Promise<AssembledStack[]> {
  const { artifacts, missing } = await readJson(path.join(folder, 'manifest.json'), manifest);
  refuseLookups(missing);
  const inFolder = (file: string) => path.join(folder, file);
  const all = Object.entries(artifacts);
  const assetManifests = all.flatMap(([, artifact]) =>
    v.is(assets, artifact) ? [inFolder(artifact.properties.file)] : [],
  );
  const own = all.flatMap(([artifactId, artifact]) => {
    if (!v.is(stack, artifact)) return [];
    const { templateFile, stackName = artifactId } = artifact.properties;
    const id = artifact.displayName ?? artifactId;
    return [{ id, stackName, templateFile: inFolder(templateFile), assetManifests }];
  });
  const folders = all.flatMap(([, artifact]) =>
    v.is(nested, artifact) ? [inFolder(artifact.properties.directoryName)] : [],
  );
  return [...own, ...(await Promise.all(folders.map(stacksIn))).flat()];
}

/** The app was synthesized with placeholders in place of answers from AWS, so that its template is wrong. */
function refuseLookups(missing: readonly { readonly provider: string }[]): void {
  if (missing.length === 0) return;
  const providers = [...new Set(missing.map(({ provider }) => provider))].join(', ');
  throw new StartError(
    `The app asks AWS for what only an account can tell (${providers}); run cdk synth once, which keeps the answers in cdk.context.json.`,
  );
}

/**
 * @param wanted Ids or names. If the list is empty, the app must have exactly one stack.
 * @throws StartError that names the stacks to choose from.
 */
export function chosenStacks(
  stacks: readonly AssembledStack[],
  wanted: readonly string[],
): readonly AssembledStack[] {
  if (wanted.length === 0 && stacks.length === 1) return stacks;
  const ids = stacks.map(({ id }) => id).join(', ');
  if (wanted.length === 0)
    throw new StartError(ids === '' ? 'The app has no stacks.' : `Choose stacks with --stack: ${ids}.`);
  return wanted.map((name) => {
    const found = stacks.find(({ id, stackName }) => id === name || stackName === name);
    if (found) return found;
    throw new StartError(`The app has no stack ${name}; it has ${ids}.`);
  });
}
