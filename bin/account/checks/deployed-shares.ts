/** The stages that share the account's quotas: this one, and others whose stacks exist. */

import type { AccountAnswers } from '../account-facts.ts';
import { known } from '../answer.ts';
import type { GatewayShare } from '../gateway-share.ts';
import type { StageNeeds } from '../stage-needs.ts';

export function deployedShares(
  { answers }: AccountAnswers,
  { share, neighbours }: StageNeeds,
): readonly GatewayShare[] {
  const stacks = known(answers.stacks);
  return [share, ...neighbours.filter(({ stackName }) => stacks?.has(stackName))];
}

/** `Fanfare-prod`, or `Fanfare-prod and Fanfare-dev together`. */
export function namesOf(shares: readonly GatewayShare[]): string {
  const names = shares.map(({ stackName }) => stackName);
  return names.length === 1 ? names.join('') : `${names.join(' and ')} together`;
}
