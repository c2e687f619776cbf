/** The local runtime as the tests of the smoke command start it. */

import { localStage } from '../e2e/security/local-stage.ts';
import { type Runtime, startRuntime } from '../runtime.ts';

/** Each that starts takes a second of a processor. A stream and the commands of its session need two of the fallback. */
const ENVIRONMENTS = 2;

export function startSmokeRuntime(): Promise<Runtime> {
  const config = new URL('quick-presence-config.ts', import.meta.url);
  return startRuntime({ assemble: localStage({ config }), maxEnvironments: ENVIRONMENTS });
}
