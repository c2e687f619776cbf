/** Decides what statements let somebody do, as IAM evaluates the policies of a role. */

import type { Need, Statement } from './statement.ts';

/** `denied`: a statement says no. `not-granted`: none says yes. */
export type Decision = 'allowed' | 'denied' | 'not-granted';

/**
 * Allowed by a statement and denied by none.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function decide(statements: readonly Statement[], { action, resource, context = {} }: Need): Decision {
  const matching = statements.filter(
    ({ coversAction, coversResource, condition }) =>
      coversAction(action) && coversResource(resource) && condition.isMet(context),
  );
  if (matching.some(({ effect }) => effect === 'Deny')) return 'denied';
  return matching.length > 0 ? 'allowed' : 'not-granted';
}
