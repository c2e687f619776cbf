/** Decides whether statements allow a request, as IAM evaluates them. */

import type { Need, Statement } from './statement.ts';

/** `denied`: a statement denies the action. `not-granted`: no statement allows it. */
export type Decision = 'allowed' | 'denied' | 'not-granted';

/**
 * A request is allowed if a statement allows it and no statement denies it.
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
