/** The AWS clients that preflight asks with, all of one region. */

import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { STSClient } from '@aws-sdk/client-sts';

export interface AccountClients {
  readonly identity: STSClient;
  readonly gateway: APIGatewayClient;
  readonly stacks: CloudFormationClient;
  readonly logs: CloudWatchLogsClient;
  readonly tables: DynamoDBClient;
  readonly functions: LambdaClient;
  readonly secrets: SecretsManagerClient;
  readonly quotas: ServiceQuotasClient;
}

/** @param region Without it, the one of the environment or of the profile, as for `cdk deploy`. */
export function accountClients(region?: string): AccountClients {
  const config = region === undefined ? {} : { region };
  return {
    identity: new STSClient(config),
    gateway: new APIGatewayClient(config),
    stacks: new CloudFormationClient(config),
    logs: new CloudWatchLogsClient(config),
    tables: new DynamoDBClient(config),
    functions: new LambdaClient(config),
    secrets: new SecretsManagerClient(config),
    quotas: new ServiceQuotasClient(config),
  };
}
