/** What an authorizer may return (AU-5), and what its result means for a handshake (AU-4). */

import * as v from 'valibot';
import { allows, policyDocument } from '../permissions/iam-policy.ts';
import { type Choices, DEFAULT_CHOICES } from './choices.ts';
import type { IntegrationOutcome } from './integration.ts';

export type Authorization =
  | {
      readonly allowed: true;
      readonly principalId: string;
      /** Told with every event of the connection (AU-6). */
      readonly context: Readonly<Record<string, string>>;
    }
  | { readonly allowed: false; readonly status: number };

/** A quota of AWS; what becomes of larger ones is one of the choices (AU-4). Bytes. */
export const RESULT_BYTES = 8 * 1024;

/** The one message that means that the client is not known (AU-4). */
const UNAUTHORIZED = 'Unauthorized';

/** Everything is text later: AWS says so for mapping templates, and warns of anything but strings (EV-14). */
const contextValue = v.pipe(v.union([v.string(), v.number(), v.boolean()]), v.transform(String));

/** A list would pass for a record of its positions. */
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
