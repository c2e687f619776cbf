/** The outputs of the stack: what clients, servers and operators have to know of a Fanfare. */

import { CfnOutput } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { FunctionName } from '../lambdas/manifest/manifest.ts';
import type { FanfareBase } from './fanfare-base.ts';
import type { Observability } from './observability/observability.ts';
import type { StageSettings } from './settings/stage-settings.ts';

type Described = FanfareBase & { readonly functions: ReadonlyMap<FunctionName, LambdaFunction> };

interface Operated {
  readonly givenUpQueue: string;
  readonly observability: Observability | undefined;
}

export function addOutputs(
  fanfare: Described,
  { edge }: StageSettings,
  { givenUpQueue, observability }: Operated,
): void {
  const clients = edge === 'none' ? 'Clients connect here' : 'Clients connect to the edge in front of it';
  const revoke = fanfare.functions.get('revoke');
  const outputs = {
    WebSocketUrl: [clients, fanfare.webSocketUrl],
    ApiUrl: ['HTTP API for servers', fanfare.apiUrl],
    ManagementUrl: ['Endpoint of the @connections management API', fanfare.managementEndpoint],
    TokenSecret: ['Signs the tokens of this stage', fanfare.tokenSecret.secretArn],
    GivenUpChanges: ['Queue of the changes that no function could read', givenUpQueue],
    ...(observability && {
      AlarmTopic: ['Topic to which alarms go', observability.topicArn] as const,
      Dashboard: ['Dashboard of CloudWatch', observability.dashboardName] as const,
    }),
    ...(revoke && { RevokeFunction: ['Revokes the tokens of a user', revoke.functionName] as const }),
  } as const;
  for (const [name, [description, value]] of Object.entries(outputs))
    new CfnOutput(fanfare, name, { description, value });
}
