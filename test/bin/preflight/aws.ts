/** A mock of AWS for preflight. It records the commands, and answers as an account does unless a test changes an answer. */

import { APIGatewayClient, GetAccountCommand } from '@aws-sdk/client-api-gateway';
import {
  CloudFormationClient,
  DescribeStacksCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, DescribeResourcePoliciesCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetServiceQuotaCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { ACCOUNT } from './accounts.ts';

export const aws = {
  identity: mockClient(STSClient),
  gateway: mockClient(APIGatewayClient),
  stacks: mockClient(CloudFormationClient),
  logs: mockClient(CloudWatchLogsClient),
  tables: mockClient(DynamoDBClient),
  functions: mockClient(LambdaClient),
  secrets: mockClient(SecretsManagerClient),
  quotas: mockClient(ServiceQuotasClient),
};

export function awsError(name: string, message = 'from AWS'): Error {
  return Object.assign(new Error(message), { name });
}

const missingStack = (name: string) => awsError('ValidationError', `Stack with id ${name} does not exist`);

/** A new account: it is empty, and the caller may read all facts. */
export function resetAws(): void {
  for (const client of Object.values(aws)) client.reset();
  aws.identity.on(GetCallerIdentityCommand).resolves({ Account: ACCOUNT });
  aws.gateway.on(GetAccountCommand).resolves({ throttleSettings: { rateLimit: 2_500, burstLimit: 1_250 } });
  aws.stacks.on(DescribeStacksCommand).rejects(missingStack('Fanfare'));
  aws.stacks.on(ListStackResourcesCommand).rejects(missingStack('Fanfare'));
  aws.logs.on(DescribeResourcePoliciesCommand).resolves({});
  aws.tables.on(DescribeTableCommand).resolves({ Table: {} });
  aws.functions
    .on(GetAccountSettingsCommand)
    .resolves({ AccountLimit: { ConcurrentExecutions: 10, UnreservedConcurrentExecutions: 10 } });
  aws.functions.on(GetFunctionConcurrencyCommand).rejects(awsError('ResourceNotFoundException'));
  aws.secrets.on(ListSecretsCommand).resolves({});
  aws.quotas.on(GetServiceQuotaCommand).resolves({ Quota: { Value: 500 } });
}

/** Names of the operations that were asked for, as in `GetAccount`. */
export function operations(): string[] {
  return Object.values(aws).flatMap((client) =>
    client.calls().map(({ firstArg }) => String(firstArg.constructor.name).replace(/Command$/, '')),
  );
}
