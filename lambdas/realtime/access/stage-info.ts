/** The facts about a stage on which a configuration may depend, read from the name of the stage. */

import type { StageInfo } from './namespaces.ts';

/**
 * Only a laptop has a stage with such a name: `deployedStage` and the construct refuse it for a deployment. An app may have several
 * stages on one laptop, such as `local-Shop-Realtime`.
 */
export function isLocalStage(name: string): boolean {
  return name === 'local' || name.startsWith('local-');
}

export function stageInfo(name: string): StageInfo {
  return { local: isLocalStage(name) };
}
