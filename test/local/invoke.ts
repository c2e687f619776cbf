/** Asks the Lambda API for a function, by whatever names it. */

/** Whose key it is does not matter, and neither does the signature. */
const UNSIGNED = 'AWS4-HMAC-SHA256 Credential=local/20261130/us-east-1/lambda/aws4_request';

export type InvocationType = 'RequestResponse' | 'Event' | 'DryRun';

export interface InvokeInput {
  /** Without one, Lambda takes `RequestResponse`. */
  readonly type?: InvocationType;
  readonly body?: string | Blob;
}

export function invoke(
  lambda: string,
  reference: string,
  { type, body = '{}' }: InvokeInput = {},
): Promise<Response> {
  return fetch(`${lambda}/2015-03-31/functions/${encodeURIComponent(reference)}/invocations`, {
    method: 'POST',
    // The guard refuses what every page could send; an SDK signs.
    headers: { Authorization: UNSIGNED, ...(type && { 'X-Amz-Invocation-Type': type }) },
    body,
  });
}
