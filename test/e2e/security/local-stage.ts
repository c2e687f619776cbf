/** The local stage with other settings, for a runtime to start. */

import { type Assembly, type SynthesisOptions, synthesize } from '../../../lib/assembly/assembly.ts';
import { type StageSettings, stages } from '../../../lib/settings/stage-settings.ts';

/** What takes the place of the local stage's own. */
export interface Changes extends Omit<SynthesisOptions, 'settings'> {
  readonly origins?: readonly string[];
  readonly tokens?: Partial<StageSettings['tokens']>;
}

/** @example startRuntime({ assemble: localStage({ tokens: { clockSkewSeconds: 1 } }) }) */
export function localStage({ origins = stages.local.origins, tokens, ...bundles }: Changes) {
  const settings = { ...stages.local, origins, tokens: { ...stages.local.tokens, ...tokens } };
  return (outdir: string): Promise<Assembly> => synthesize(outdir, { settings, ...bundles });
}
