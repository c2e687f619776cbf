/**
 * Synthesizes, before the workers start, the two assemblies that most files of the kind `runtime` serve: two workers would synthesize
 * the same at the same time. Nothing happens if both are kept from an earlier run.
 */

import { keptAssembly } from '../kept-assembly.ts';
import { sharedAssembly } from '../shared-assembly.ts';

export default async function setup(): Promise<void> {
  await keptAssembly();
  await sharedAssembly();
}
