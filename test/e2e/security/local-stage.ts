/** The local stage with other settings, for a runtime to start. */

import type { Assembly } from '../../../packages/local/src/cloud-assembly/read-assembly.ts';
import { type Changes, keptAssembly, ownAssembly } from '../../kept-assembly.ts';

/**
 * Keeps the assembly on disk, unless the changes name issuers: a provider of a test has a new port, and so a new URL, in every run.
 *
 * @example startRuntime({ assemble: localStage({ tokens: { clockSkewSeconds: 1 } }) })
 */
export function localStage(changes: Changes) {
  return (outdir: string): Promise<Assembly> =>
    changes.tokens?.issuers ? ownAssembly(outdir, changes) : keptAssembly(changes);
}
