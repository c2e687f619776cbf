/** Who makes a request: the access key in its signature says which function has it. */

import { LOCAL_CREDENTIALS } from '../template/account.ts';

const PREFIX = `${LOCAL_CREDENTIALS.accessKeyId}-`;

const CREDENTIAL = /\bCredential=(?<accessKeyId>[^/,\s]+)\//;

/** Each function has one of its own, as on AWS; names of functions are such that an access key can hold them. */
export function accessKeyOf(functionName: string): string {
  return PREFIX + functionName;
}

/** That of a function, or the one that developers and tests have. */
export function isLocalKey(accessKeyId: string): boolean {
  return accessKeyId === LOCAL_CREDENTIALS.accessKeyId || accessKeyId.startsWith(PREFIX);
}

/**
 * The name of the function that signed a request; `undefined` for tests, developers, and everybody else.
 *
 * @param authorization The header of that name, signed with version 4.
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
