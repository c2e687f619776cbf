/** Asks the Lambda API for a function, by whatever names it. */

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
    ...(type && { headers: { 'X-Amz-Invocation-Type': type } }),
    body,
  });
}
