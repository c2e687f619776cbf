/** The stage that test files share. Its settings only widen those of the local stage. */

import type { Assembly } from '../packages/local/src/cloud-assembly/read-assembly.ts';
import { keptAssembly } from './kept-assembly.ts';

/** So that a token is worth nothing one second after its end. */
export const SHARED_SKEW_SECONDS = 1;

export function sharedAssembly(): Promise<Assembly> {
  const config = new URL('shared-config.ts', import.meta.url);
  return keptAssembly({ config, tokens: { clockSkewSeconds: SHARED_SKEW_SECONDS } });
}
