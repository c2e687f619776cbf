/** The local stage with other settings, for a runtime to start. */

import type { Assembly } from '../../../packages/local/src/cloud-assembly/read-assembly.ts';
import { type Changes, keptAssembly } from '../../kept-assembly.ts';
import { synthesizedWith } from '../synthesized-with.ts';

/**
 * The assembly is kept on disk, but for the issuers: a provider of a test has a new port, and so a new URL, in every run. Functions are
 * told of issuers by a variable.
 *
 * @example startRuntime({ assemble: localStage({ tokens: { clockSkewSeconds: 1 } }) })
 */
export function localStage({ tokens = {}, ...changes }: Changes) {
  const { issuers, ...others } = tokens;
  const kept = { ...changes, tokens: others };
  return (): Promise<Assembly> =>
    issuers ? synthesizedWith({ ISSUERS: JSON.stringify(issuers) }, kept) : keptAssembly(kept);
}
