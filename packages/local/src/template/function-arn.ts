/** The names by which Lambda knows a function: its own, the ARN, and the partial ARN. */

import { ACCOUNT, REGION } from './account.ts';
import type { Resources } from './resources.ts';

/** Nothing here has versions or aliases; the unpublished version is all there is. */
const LATEST = ':$LATEST';

const PARTIAL = `${ACCOUNT}:function:`;
const PREFIX = `arn:aws:lambda:${REGION}:${PARTIAL}`;

export function functionArn(name: string): string {
  return PREFIX + name;
}

/** The ARN of the only version that there is. */
export function latestVersionArn(name: string): string {
  return functionArn(name) + LATEST;
}

/**
 * The function that a name, an ARN or a partial ARN means; of another account, region or version nothing is taken off.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_RequestParameters
 */
export function functionNameOf(reference: string): string {
  const unqualified = reference.endsWith(LATEST) ? reference.slice(0, -LATEST.length) : reference;
  const prefix = [PREFIX, PARTIAL].find((start) => unqualified.startsWith(start)) ?? '';
  return unqualified.slice(prefix.length);
}

const INVOCATION_URI = /functions\/arn:aws:lambda:[^:]*:[^:]*:function:([^/]+)\/invocations$/;

/** The function of the template that the URI of an integration or an authorizer invokes, if there is such a one. */
export function invokedBy(uri: string, resources: Resources): string | undefined {
  const [, name = ''] = INVOCATION_URI.exec(uri) ?? [];
  return hasFunction(resources, name) ? name : undefined;
}

/** Whether the template has a function that goes by this name here. */
export function hasFunction({ functionNames }: Pick<Resources, 'functionNames'>, name: string): boolean {
  return functionNames.has(name);
}
