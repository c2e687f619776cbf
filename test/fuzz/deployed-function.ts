/** Loads a deployed function: its bundle, byte for byte, as a module of this process. */

import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as v from 'valibot';
import type { FunctionName, Variable } from '../../lambdas/manifest/manifest.ts';
import { keptBundles } from '../../lib/assembly/kept-bundles.ts';

export type Handler = (event: object) => Promise<unknown>;

const module = v.object({ handler: v.custom<Handler>((value) => typeof value === 'function') });

/**
 * Sets the variables of this process, as Lambda does, and loads the function.
 *
 * @param aws the addresses of the services that it uses.
 */
export async function loadDeployed<F extends FunctionName>(
  name: F,
  aws: string,
  variables: Readonly<Record<Variable<F>, string>>,
): Promise<Handler> {
  const bundles = await keptBundles();
  Object.assign(process.env, variables, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'fuzz',
    AWS_SECRET_ACCESS_KEY: 'fuzz',
    AWS_ENDPOINT_URL: aws,
  });
  const { handler } = v.parse(
    module,
    await import(pathToFileURL(path.join(bundles, name, 'index.mjs')).href),
  );
  return handler;
}
