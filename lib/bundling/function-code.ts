/** The code of functions for an app that is synthesized: bundles of the package's sources with the app's configuration. */

import { Code } from 'aws-cdk-lib/aws-lambda';
import type { FunctionName } from '../../lambdas/manifest/manifest.ts';
import { builtFunctions } from './built-functions.ts';
import type { UserConfig } from './user-config.ts';

/** @throws BundleError when a function does not build. */
export function functionCode(config: UserConfig): (name: FunctionName) => Code {
  const folderOf = builtFunctions(config);
  return (name) => Code.fromAsset(folderOf(name));
}
