/** The code of functions for an assembly that stays on this machine: hard links where the CDK would write copies. */

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { FunctionName } from '../../lambdas/manifest/manifest.ts';
import { linkFiles } from './linked-files.ts';

/**
 * The CDK stages the code of a function in `asset.<hash>`, and keeps a folder of that name which exists. Its own copies take a second of
 * a processor for 900 files. A link, like a copy, stays when `bundles` are removed. If a later CDK chose another name for the
 * folder, it would copy again.
 *
 * @param bundles As `buildBundles` has written them.
 * @param assembly The folder that the app is synthesized into.
 */
export function linkedCode(bundles: string, assembly: string): (name: FunctionName) => Code {
  return (name) => {
    const folder = path.join(bundles, name);
    const files = readdirSync(folder).sort();
    const assetHash = contentHash(folder, files);
    linkFiles(folder, files, path.join(assembly, `asset.${sha256(assetHash)}`));
    return Code.fromAsset(folder, { assetHash });
  };
}

function contentHash(folder: string, files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) {
    const content = readFileSync(path.join(folder, file));
    hash.update(`${file}\0${content.byteLength}\0`).update(content);
  }
  return hash.digest('hex');
}

/** The CDK hashes a given hash once more. */
function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
