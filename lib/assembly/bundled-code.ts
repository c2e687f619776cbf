/** The code that a stack deploys from the bundles. */

import path from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { FunctionName } from '../../lambdas/manifest/manifest.ts';

/** The code of each function, as `buildBundles` has written it below `outdir`. */
export function bundledCode(outdir: string): (name: FunctionName) => Code {
  return (name) => Code.fromAsset(path.join(outdir, name));
}
