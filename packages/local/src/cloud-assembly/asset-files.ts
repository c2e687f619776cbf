/** Finds the file of a cloud assembly for each key of the asset bucket. */

import path from 'node:path';
import * as v from 'valibot';
import { readJson } from './read-json.ts';

const assetManifest = v.object({
  files: v.optional(
    v.record(
      v.string(),
      v.object({
        source: v.object({ path: v.optional(v.string()) }),
        destinations: v.record(v.string(), v.object({ objectKey: v.string() })),
      }),
    ),
    {},
  ),
});

/**
 * Maps each key in the bucket to a folder or file. Assets that an executable builds have no file and are left out.
 *
 * @throws StartError for a file that is not an asset manifest.
 */
export async function assetFiles(manifest: string): Promise<ReadonlyMap<string, string>> {
  const { files } = await readJson(manifest, assetManifest);
  const folder = path.dirname(manifest);
  return new Map(
    Object.values(files).flatMap(({ source, destinations }) => {
      const { path: file } = source;
      if (file === undefined) return [];
      return Object.values(destinations).map(
        ({ objectKey }) => [objectKey, path.resolve(folder, file)] as const,
      );
    }),
  );
}
