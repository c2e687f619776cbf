/** The policy that an authorizer returns, and what it allows. */

import * as v from 'valibot';
import { decide } from './decide.ts';
import { type Statement, statementOf } from './statement.ts';

const oneOrMany = v.union([v.string(), v.array(v.string())]);

/** The schema is strict, because an unknown element (a condition, a principal, `Not…`) could forbid the request. */
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

export function allows({ Statement }: PolicyDocument, action: string, resource: string): boolean {
  return decide([Statement].flat().map(readStatement), { action, resource }) === 'allowed';
}

function readStatement({ Effect, Action, Resource }: v.InferOutput<typeof statement>): Statement {
  return statementOf({ Effect, Action: [Action].flat(), Resource: [Resource].flat() });
}
