/** What an account and region allow a stage, read through the APIs of AWS. Nothing is changed. */

import { APIGatewayClient, GetAccountCommand } from '@aws-sdk/client-api-gateway';
import {
  GetAccountSettingsCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
} from '@aws-sdk/client-lambda';
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  NoSuchResourceException,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';

import { boundedRequests } from '../bounded-requests.ts';

/** An event source mapping, and whether it runs. */
export interface Mapping {
  readonly functionName: string;
  /** `Enabled`, `Creating`, `Disabled`… */
  readonly state: string;
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
export const quotaCodes = {
  requestsPerSecond: 'L-8A5B8E43',
  burst: 'L-CDF5615A',
  newConnectionsPerSecond: 'L-9ED1E49A',
} as const;

export interface Account {
  /** Executions at once: of the account, and those that no function has reserved. */
  concurrency(): Promise<{ readonly all: number; readonly unreserved: number }>;
  /** The role with which API Gateway writes logs (LG-2). */
  logRole(): Promise<string | undefined>;
  mappings(): Promise<readonly Mapping[]>;
  quota(name: keyof typeof quotaCodes): Promise<number>;
}

/** @param functionNames of the stage. */
export function accountOf(functionNames: readonly string[]): Account {
  const lambda = new LambdaClient(boundedRequests);
  const gateway = new APIGatewayClient(boundedRequests);
  const quotas = new ServiceQuotasClient(boundedRequests);
  return {
    async concurrency() {
      const { AccountLimit = {} } = await lambda.send(new GetAccountSettingsCommand({}));
      const { ConcurrentExecutions = 0, UnreservedConcurrentExecutions = 0 } = AccountLimit;
      return { all: ConcurrentExecutions, unreserved: UnreservedConcurrentExecutions };
    },
    logRole: async () => (await gateway.send(new GetAccountCommand({}))).cloudwatchRoleArn,
    async mappings() {
      const found: Mapping[] = [];
      for (const functionName of functionNames) found.push(...(await mappingsOf(lambda, functionName)));
      return found;
    },
    quota: (name) => quotaValue(quotas, quotaCodes[name]),
  };
}

async function mappingsOf(lambda: LambdaClient, functionName: string): Promise<Mapping[]> {
  const command = new ListEventSourceMappingsCommand({ FunctionName: functionName });
  const { EventSourceMappings = [] } = await lambda.send(command);
  return EventSourceMappings.map(({ State = 'unknown' }) => ({ functionName, state: State }));
}

/** A quota that the account never changed may only be known by its default. */
async function quotaValue(quotas: ServiceQuotasClient, QuotaCode: string): Promise<number> {
  const wanted = { ServiceCode: 'apigateway', QuotaCode };
  try {
    return (await quotas.send(new GetServiceQuotaCommand(wanted))).Quota?.Value ?? 0;
  } catch (error) {
    if (!(error instanceof NoSuchResourceException)) throw error;
    return (await quotas.send(new GetAWSDefaultServiceQuotaCommand(wanted))).Quota?.Value ?? 0;
  }
}
