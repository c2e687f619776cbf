/** Decides what a policy allows, as IAM evaluates it. */

import * as v from 'valibot';
import { wildcard } from '../languages/wildcard.ts';

const oneOrMany = v.union([v.string(), v.array(v.string())]);

/** Strict, because what is not understood here (conditions, principals, `Not…`) might be what forbids. */
const statement = v.strictObject({
  Sid: v.optional(v.string()),
  Effect: v.picklist(['Allow', 'Deny']),
  Action: oneOrMany,
  Resource: oneOrMany,
});

export const policyDocument = v.strictObject({
  Version: v.optional(v.picklist(['2012-10-17', '2008-10-17'])),
  Id: v.optional(v.string()),
  Statement: v.union([statement, v.array(statement)]),
});

export type PolicyDocument = v.InferOutput<typeof policyDocument>;

/**
 * Allowed by a statement and denied by none.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function allows({ Statement }: PolicyDocument, action: string, resource: string): boolean {
  const effects = [Statement]
    .flat()
    .filter(({ Action, Resource }) => coversAction(Action, action) && covers(Resource, resource))
    .map(({ Effect }) => Effect);
  return effects.includes('Allow') && !effects.includes('Deny');
}

/** Case counts in the names of resources, and does not in those of actions. */
function coversAction(patterns: string | readonly string[], action: string): boolean {
  return covers(
    [patterns].flat().map((pattern) => pattern.toLowerCase()),
    action.toLowerCase(),
  );
}

function covers(patterns: string | readonly string[], text: string): boolean {
  return [patterns].flat().some((pattern) => wildcard(pattern).test(text));
}
