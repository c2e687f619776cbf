/** Reads the result of an authorizer (AU-5), and decides on the handshake (AU-4). */

import * as v from 'valibot';
import { allows, policyDocument } from '../permissions/iam-policy.ts';
import { type Choices, DEFAULT_CHOICES } from './choices.ts';
import type { IntegrationOutcome } from './integration.ts';

export type Authorization =
  | {
      readonly allowed: true;
      readonly principalId: string;
      /** Every event of the connection contains it (AU-6). */
      readonly context: Readonly<Record<string, string>>;
    }
  | { readonly allowed: false; readonly status: number };

/** The quota of AWS for a result. The answer to larger ones is a choice (AU-4). Bytes. */
export const RESULT_BYTES = 8 * 1024;

/** The error message by which an authorizer asks for status 401 (AU-4). */
const UNAUTHORIZED = 'Unauthorized';

/** Values become texts in events. AWS documents this for mapping templates, and warns of other values than strings (EV-14). */
const contextValue = v.pipe(v.union([v.string(), v.number(), v.boolean()]), v.transform(String));

/** Without this check, a list would pass as a record of its positions. */
const isNoList = (value: unknown) => !Array.isArray(value);

const authorizerResult = v.object({
  principalId: v.string(),
  policyDocument,
  context: v.optional(v.pipe(v.unknown(), v.check(isNoList), v.record(v.string(), contextValue)), {}),
});

/**
 * The decision on a connection.
 *
 * @param methodArn what the policy has to allow: `arn:aws:execute-api:{region}:{account}:{apiId}/{stage}/$connect`
 */
export function authorizationOf(
  outcome: IntegrationOutcome,
  methodArn: string,
  { largeAuthorizerResultStatus }: Choices = DEFAULT_CHOICES,
): Authorization {
  if (outcome.kind === 'error' && outcome.message === UNAUTHORIZED) return refused(401);
  if (outcome.kind !== 'result') return refused(500);
  if (Buffer.byteLength(JSON.stringify(outcome.value ?? null)) > RESULT_BYTES)
    return refused(largeAuthorizerResultStatus);
  const { success, output } = v.safeParse(authorizerResult, outcome.value);
  if (!success) return refused(500);
  if (!allows(output.policyDocument, 'execute-api:Invoke', methodArn)) return refused(403);
  return { allowed: true, principalId: output.principalId, context: output.context };
}

function refused(status: number): Authorization {
  return { allowed: false, status };
}
