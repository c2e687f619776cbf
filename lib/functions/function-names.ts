/** Which functions have a fixed name, and why. CloudFormation names the others. */

import type { FunctionName } from '../../lambdas/manifest/manifest.ts';
import type { StageSettings } from '../settings/stage-settings.ts';

type Reasons = Readonly<Partial<Record<FunctionName, string>>>;

/**
 * A second creation fails if a function with the fixed name still exists. These functions are deleted with their stack, and when its
 * creation fails, so the name is free again.
 */
const onEveryStage: Reasons = {
  deliver: 'It starts itself, and a resource of a template cannot refer to itself.',
  farewell:
    'It is started by `presence` and by `release`, to which it hands what failed: references both ways are a cycle.',
  'publish-event': 'Rules of other stacks have it as their target, and can be deployed before this stack.',
};

/** For the local stage, which has no stack whose outputs could be read. */
const onFixedStages: Reasons = {
  revoke: '`npm run revoke` invokes it.',
  fallback: 'Its URL on the local runtime has its name.',
};

export function functionNameOf(
  name: FunctionName,
  uniqueName: string,
  { names }: Pick<StageSettings, 'names'>,
): string | undefined {
  const reasons = names === 'fixed' ? { ...onEveryStage, ...onFixedStages } : onEveryStage;
  return reasons[name] === undefined ? undefined : `${uniqueName}-${name}`;
}
