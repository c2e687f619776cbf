/** Finds the caller of a request: each function signs with an access key of its own. */

import { LOCAL_CREDENTIALS } from '../template/account.ts';

const PREFIX = `${LOCAL_CREDENTIALS.accessKeyId}-`;

const CREDENTIAL = /\bCredential=(?<accessKeyId>[^/,\s]+)\//;

/** The access key of a function. An access key may contain every character of a function's name. */
export function accessKeyOf(functionName: string): string {
  return PREFIX + functionName;
}

/** Whether the key belongs to a function, or to developers and tests. */
export function isLocalKey(accessKeyId: string): boolean {
  return accessKeyId === LOCAL_CREDENTIALS.accessKeyId || accessKeyId.startsWith(PREFIX);
}

/**
 * The name of the function that signed a request. `undefined` for developers, tests and all other callers.
 *
 * @param authorization The header `Authorization` of Signature Version 4.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function callingFunction(authorization: string | undefined): string | undefined {
  const accessKeyId = signingKey(authorization);
  return accessKeyId?.startsWith(PREFIX) ? accessKeyId.slice(PREFIX.length) : undefined;
}

function signingKey(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  return CREDENTIAL.exec(authorization)?.groups?.['accessKeyId'];
}
