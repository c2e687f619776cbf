/** What a configuration says about packed delivery on a stage. */

import { packedNamespaces } from '../../lambdas/realtime/access/namespaces.ts';
import { stageInfo } from '../../lambdas/realtime/access/stage-info.ts';
import type { UserConfig } from '../bundling/user-config.ts';

export interface StagePacking {
  /** The namespaces that are delivered packed. Without any, the stage has no function for it. */
  readonly namespaces: readonly string[];
  /** How long the stream gathers messages for one frame. */
  readonly windowSeconds: number;
}

export function packingOf({ declare }: Pick<UserConfig, 'declare'>, stage: string): StagePacking {
  const config = declare(stageInfo(stage));
  return { namespaces: packedNamespaces(config), windowSeconds: config.packing?.windowSeconds ?? 0 };
}
