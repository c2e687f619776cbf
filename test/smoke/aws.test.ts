/** How the smoke command reads a deployed stage: answers of AWS, by mocked clients. */

import { APIGatewayClient, GetAccountCommand } from '@aws-sdk/client-api-gateway';
import {
  CloudFormationClient,
  CloudFormationServiceException,
  DescribeStacksCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  GetAccountSettingsCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
} from '@aws-sdk/client-lambda';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  NoSuchResourceException,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { accountOf } from '../../smoke/aws/account.ts';
import { deployedStage } from '../../smoke/aws/deployed-stage.ts';
import { logSearch, patternsOf } from '../../smoke/aws/log-search.ts';
import { ownTerms } from './own-terms.ts';

const cloudFormation = mockClient(CloudFormationClient);
const secrets = mockClient(SecretsManagerClient);
const lambda = mockClient(LambdaClient);
const gateway = mockClient(APIGatewayClient);
const quotas = mockClient(ServiceQuotasClient);
const logs = mockClient(CloudWatchLogsClient);

beforeEach(() => {
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  for (const client of [cloudFormation, secrets, lambda, gateway, quotas, logs]) client.reset();
});

const outputs = {
  WebSocketUrl: 'wss://api.example.com/dev',
  ApiUrl: 'https://http.example.com/dev',
  ManagementUrl: 'https://api.example.com/dev',
  TokenSecret: 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:made-up',
};

/** In the words of CloudFormation. */
const notThere = new CloudFormationServiceException({
  name: 'ValidationError',
  message: 'Stack with id Fanfare-dev does not exist',
  $fault: 'client',
  $metadata: {},
});

function serveStack(told: Readonly<Record<string, string>>): void {
  const Outputs = Object.entries(told).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
  const stack = {
    StackName: 'Fanfare-dev',
    CreationTime: new Date(),
    StackStatus: 'CREATE_COMPLETE',
  } as const;
  cloudFormation.on(DescribeStacksCommand).resolves({ Stacks: [{ ...stack, Outputs }] });
  cloudFormation.on(ListStackResourcesCommand).resolves({ StackResourceSummaries: [] });
  secrets.on(GetSecretValueCommand).resolves({ SecretString: 'a secret of the stage' });
}

describe('a deployed stage', () => {
  it('is read from the outputs of its stack, and signs with the secret that they name', async () => {
    serveStack({ ...outputs, FallbackUrl: 'https://fallback.example.com/' });

    const stage = await deployedStage('dev', undefined, ownTerms);

    expect(stage).toMatchObject({
      name: 'dev',
      url: 'wss://api.example.com/dev',
      apiUrl: 'https://http.example.com/dev',
      fallbackUrl: 'https://fallback.example.com',
      secret: 'a secret of the stage',
    });
    expect(secrets.commandCalls(GetSecretValueCommand)[0]?.args[0].input).toEqual({
      SecretId: outputs.TokenSecret,
    });
  });

  it('may have another URL for its clients, and may lack a fallback', async () => {
    serveStack(outputs);

    const stage = await deployedStage('dev', 'wss://live.example.com/dev', ownTerms);

    expect(stage).toMatchObject({ url: 'wss://live.example.com/dev', fallbackUrl: undefined });
  });

  it('of an older template is refused in a sentence that names what is missing', async () => {
    const { TokenSecret: _, ...older } = outputs;
    serveStack(older);

    await expect(deployedStage('dev', undefined, ownTerms)).rejects.toThrow(
      'The stack Fanfare-dev has no output TokenSecret: deploy it again.',
    );
  });

  it('that does not exist is refused in a sentence', async () => {
    cloudFormation.on(DescribeStacksCommand).rejects(notThere);

    await expect(deployedStage('dev', undefined, ownTerms)).rejects.toThrow(
      'There is no stack Fanfare-dev in this account and region.',
    );
  });

  it('knows the functions and log groups of all pages of its resources', async () => {
    serveStack(outputs);
    const page = (LogicalResourceId: string, ResourceType: string) => ({
      StackResourceSummaries: [
        {
          LogicalResourceId,
          PhysicalResourceId: LogicalResourceId,
          ResourceType,
          LastUpdatedTimestamp: new Date(),
          ResourceStatus: 'CREATE_COMPLETE' as const,
        },
      ],
    });
    cloudFormation
      .on(ListStackResourcesCommand)
      .resolvesOnce({ ...page('first', 'AWS::Logs::LogGroup'), NextToken: 'more' })
      .resolvesOnce(page('second', 'AWS::Logs::LogGroup'));

    const stage = await deployedStage('dev', undefined, ownTerms);

    expect(stage.logs?.groups).toEqual(['first', 'second']);
  });
});

describe('the account', () => {
  it('is asked for its concurrency, its log role, its throttle and the mappings of each function', async () => {
    lambda
      .on(GetAccountSettingsCommand)
      .resolves({ AccountLimit: { ConcurrentExecutions: 10, UnreservedConcurrentExecutions: 9 } })
      .on(ListEventSourceMappingsCommand, { FunctionName: 'presence' })
      .resolves({ EventSourceMappings: [{ State: 'Enabled' }] })
      .on(ListEventSourceMappingsCommand, { FunctionName: 'channel-events' })
      .resolves({ EventSourceMappings: [{ State: 'Creating' }] });
    gateway.on(GetAccountCommand).resolves({ throttleSettings: { rateLimit: 2_500, burstLimit: 1_250 } });
    const account = accountOf(['presence', 'channel-events']);

    expect(await account.concurrency()).toEqual({ total: 10, unreserved: 9 });
    expect(await account.gateway()).toEqual({ throttle: { rateLimit: 2_500, burstLimit: 1_250 } });
    expect(await account.mappings()).toEqual([
      { functionName: 'presence', state: 'Enabled' },
      { functionName: 'channel-events', state: 'Creating' },
    ]);
  });

  it('has the default of a quota that was never changed', async () => {
    quotas
      .on(GetServiceQuotaCommand, { QuotaCode: 'L-9ED1E49A' })
      .rejects(new NoSuchResourceException({ message: 'None', $metadata: {} }))
      .on(GetAWSDefaultServiceQuotaCommand, { QuotaCode: 'L-9ED1E49A' })
      .resolves({ Quota: { Value: 500 } });

    expect(await accountOf([]).newConnections()).toBe(500);
  });
});

describe('the search of the logs', () => {
  it('asks each group for lines with any of the texts, in patterns that CloudWatch takes', async () => {
    const texts = Array.from({ length: 45 }, (_, index) => `signature-${index}-of-20-chars`.slice(0, 24));
    const patterns = patternsOf(texts);

    expect(patterns).toHaveLength(2);
    for (const pattern of patterns) expect(pattern.length).toBeLessThanOrEqual(1_024);
    expect(patterns.join(' ').split(' ')).toEqual(texts.map((text) => `?"${text}"`));
  });

  it('names the groups that have one, through empty pages', async () => {
    logs
      .on(FilterLogEventsCommand, { logGroupName: 'clean' })
      .resolves({ events: [] })
      .on(FilterLogEventsCommand, { logGroupName: 'leaking' })
      .resolves({ events: [], nextToken: 'more' })
      .on(FilterLogEventsCommand, { logGroupName: 'leaking', nextToken: 'more' })
      .resolves({ events: [{ message: 'a token' }] });

    expect(await logSearch(['clean', 'leaking']).groupsWith(['a'], 17)).toEqual(['leaking']);
    for (const { args } of logs.commandCalls(FilterLogEventsCommand))
      expect(args[0].input).toMatchObject({ filterPattern: '?"a"', startTime: 17 });
  });

  it('does not report a search without an end as a search without a find', async () => {
    logs.on(FilterLogEventsCommand).resolves({ events: [], nextToken: 'more' });

    await expect(logSearch(['busy']).groupsWith(['a'], 0)).rejects.toThrow(
      'busy has more than 100 pages of lines to search',
    );
  });
});
