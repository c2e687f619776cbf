/** The function URLs of a template, and the URL by which the template refers to one. */

import { StartError } from '../start-error.ts';
import { REGION } from './account.ts';
import { functionNameOf, hasFunction } from './function-arn.ts';
import type { CorsConfiguration, Resources } from './resources.ts';

export interface FunctionUrlModel {
  readonly functionName: string;
  /** First label of the host. */
  readonly urlId: string;
  /** Whether a request has to be signed. */
  readonly authorization: 'none' | 'iam';
  /** Whether what a function writes reaches the client as it is written. */
  readonly streams: boolean;
  readonly cors: CorsConfiguration | undefined;
  /** Whether the app's functions look themselves at whose page sends a request. @default false */
  readonly admitsAnyPage?: boolean | undefined;
}

/** Hosts have no case, and AWS writes them in lower case. */
export function urlIdOf(logicalId: string): string {
  return logicalId.toLowerCase();
}

/** Without a slash at its end. */
export function deployedFunctionUrl(urlId: string): string {
  return `https://${urlId}.lambda-url.${REGION}.on.aws`;
}

/** @throws StartError that names a URL which leads to no function of the template, or to one that has another URL. */
export function functionUrlModels(resources: Resources): FunctionUrlModel[] {
  const taken = new Set<string>();
  return resources['AWS::Lambda::Url'].map((url) => {
    const { logicalId, TargetFunctionArn, AuthType, InvokeMode, Cors, admitsAnyPage } = url;
    const functionName = functionNameOf(TargetFunctionArn);
    if (!hasFunction(resources, functionName))
      throw new StartError(
        `${logicalId} leads to ${TargetFunctionArn}, which is no function of the template.`,
      );
    if (taken.has(functionName))
      throw new StartError(`${functionName} can have one URL only, and ${logicalId} is another.`);
    taken.add(functionName);
    return {
      functionName,
      urlId: urlIdOf(logicalId),
      authorization: AuthType === 'NONE' ? 'none' : 'iam',
      streams: InvokeMode === 'RESPONSE_STREAM',
      cors: Cors,
      ...(admitsAnyPage && { admitsAnyPage }),
    };
  });
}
