/** Reads the result of a synthesis: the template of a stack, and the folders with the code of its functions. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { parseTemplate, type Template } from '../template/cloud-formation.ts';

export interface Assembly {
  readonly template: Template;
  /** The folder that holds the code of a function with this `S3Key`. */
  readonly codeFolder: (s3Key: string) => string;
}

const assetManifest = v.object({
  files: v.record(
    v.string(),
    v.object({
      source: v.object({ path: v.string() }),
      destinations: v.record(v.string(), v.object({ objectKey: v.string() })),
    }),
  ),
});

/** @param outdir The folder above `cdk.out`. */
export async function readAssembly(outdir: string, stackName: string): Promise<Assembly> {
  const assembly = path.join(outdir, 'cdk.out');
  const read = async (file: string): Promise<unknown> =>
    JSON.parse(await readFile(path.join(assembly, file), 'utf8'));
  const { files } = v.parse(assetManifest, await read(`${stackName}.assets.json`));
  const folders = new Map(
    Object.values(files).flatMap(({ source, destinations }) =>
      Object.values(destinations).map(
        ({ objectKey }) => [objectKey, path.join(assembly, source.path)] as const,
      ),
    ),
  );
  return {
    template: parseTemplate(await read(`${stackName}.template.json`)),
    codeFolder(s3Key) {
      const folder = folders.get(s3Key);
      if (folder === undefined) throw new Error(`The assembly has no asset ${s3Key}`);
      return folder;
    },
  };
}
