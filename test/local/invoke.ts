/** Invokes a function by the Lambda API, by its name or its ARN. */

/** Neither the owner of the key nor the signature matters. */
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
    // The guard refuses requests that every page could send. An SDK signs its requests.
    headers: { Authorization: UNSIGNED, ...(type && { 'X-Amz-Invocation-Type': type }) },
    body,
  });
}
