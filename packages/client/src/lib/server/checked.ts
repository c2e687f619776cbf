/** Checks what an application passes in. */

import * as v from 'valibot';
import { failure } from './failure.ts';

/** For objects whose fields are all known: a misspelt field would be ignored, and a token without `channels` allows more. */
export const NO_SUCH_FIELD = 'there is no such field';

/**
 * @param what The name of the value in the error, such as `signToken`.
 * @throws FanfareError `bad-request` that names the field.
 */
export function checked<Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  what: string,
): v.InferOutput<Schema> {
  const { success, output, issues } = v.safeParse(schema, value, { abortEarly: true });
  if (success) return output;
  const [issue] = issues;
  const field = v.getDotPath(issue);
  throw failure('bad-request', `${what}: ${field === null ? '' : `${field}: `}${issue.message}.`);
}
