/** The references to a function: its name, its ARN and its partial ARN. */

import { ACCOUNT, REGION } from './account.ts';
import type { Resources } from './resources.ts';

/** The unpublished version. The runtime has no other versions and no aliases. */
const LATEST = ':$LATEST';

const PARTIAL = `${ACCOUNT}:function:`;
const PREFIX = `arn:aws:lambda:${REGION}:${PARTIAL}`;

export function functionArn(name: string): string {
  return PREFIX + name;
}

/** The ARN of the unpublished version. */
export function latestVersionArn(name: string): string {
  return functionArn(name) + LATEST;
}

/**
 * The name of the function in a name, ARN or partial ARN. A reference to another account, region or version is returned unchanged.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_RequestParameters
 */
export function functionNameOf(reference: string): string {
  const unqualified = reference.endsWith(LATEST) ? reference.slice(0, -LATEST.length) : reference;
  const prefix = [PREFIX, PARTIAL].find((start) => unqualified.startsWith(start)) ?? '';
  return unqualified.slice(prefix.length);
}

const INVOCATION_URI = /functions\/arn:aws:lambda:[^:]*:[^:]*:function:([^/]+)\/invocations$/;

/** The function that the URI of an integration or an authorizer invokes. `undefined` if the template does not have it. */
export function invokedBy(uri: string, resources: Resources): string | undefined {
  const [, name = ''] = INVOCATION_URI.exec(uri) ?? [];
  return hasFunction(resources, name) ? name : undefined;
}

/** Whether the template has a function of this name. */
export function hasFunction({ functionNames }: Pick<Resources, 'functionNames'>, name: string): boolean {
  return functionNames.has(name);
}
