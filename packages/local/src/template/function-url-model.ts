/** The function URLs of a template, and their deployed form. */

import { StartError } from '../start-error.ts';
import { REGION } from './account.ts';
import { functionNameOf, hasFunction } from './function-arn.ts';
import type { CorsConfiguration, Resources } from './resources.ts';

export interface FunctionUrlModel {
  readonly functionName: string;
  /** The first label of the host. */
  readonly urlId: string;
  /** Whether a request has to be signed. */
  readonly authorization: 'none' | 'iam';
  /** Whether the client gets each chunk when the function writes it. */
  readonly streams: boolean;
  readonly cors: CorsConfiguration | undefined;
  /** Whether the app's functions check the origin of pages themselves. @default false */
  readonly admitsAnyPage?: boolean | undefined;
}

/** Hosts are case-insensitive, and AWS writes them in lower case. */
export function urlIdOf(logicalId: string): string {
  return logicalId.toLowerCase();
}

/** Without a slash at its end. */
export function deployedFunctionUrl(urlId: string): string {
  return `https://${urlId}.lambda-url.${REGION}.on.aws`;
}

/** @throws StartError that names a URL without a function of the template, or a second URL of one function. */
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
