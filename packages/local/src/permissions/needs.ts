/** The permissions that calls of the local services need. */

import { ACCOUNT, REGION } from '../template/account.ts';
import type { Need } from './statement.ts';

function apiArn(apiId: string, stageName: string, rest: string): string {
  return `arn:aws:execute-api:${REGION}:${ACCOUNT}:${apiId}/${stageName}/${rest}`;
}

/** The resource names no single connection, because AWS names none in its refusals (MG-11). */
export function manageConnections(apiId: string, stageName: string, method = 'GET'): Need {
  return {
    action: 'execute-api:ManageConnections',
    resource: apiArn(apiId, stageName, `${method}/@connections/*`),
  };
}

/** @param path The path of the resource, with a slash in front. */
export function invokeApi(apiId: string, stageName: string, method: string, path: string): Need {
  return { action: 'execute-api:Invoke', resource: apiArn(apiId, stageName, method + path) };
}

export function invokeFunction(arn: string): Need {
  return { action: 'lambda:InvokeFunction', resource: arn };
}

export function invokeFunctionUrl(functionArn: string): Need {
  return { action: 'lambda:InvokeFunctionUrl', resource: functionArn };
}

/** What a caller may do with a secret here. */
export type SecretAction = 'GetSecretValue' | 'PutSecretValue' | 'UpdateSecretVersionStage';

export function useSecret(action: SecretAction, arn: string): Need {
  return { action: `secretsmanager:${action}`, resource: arn };
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html */
export function putEvent(busArn: string, source: string, detailType: string): Need {
  return {
    action: 'events:PutEvents',
    resource: busArn,
    context: { 'events:source': [source], 'events:detail-type': [detailType] },
  };
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html */
export function readStream(streamArn: string): readonly Need[] {
  const actions = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];
  return actions.map((action) => ({ action: `dynamodb:${action}`, resource: streamArn }));
}
