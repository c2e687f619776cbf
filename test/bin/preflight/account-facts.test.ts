import { GetAccountCommand } from '@aws-sdk/client-api-gateway';
import {
  DescribeStacksCommand,
  ListStackResourcesCommand,
  type ResourceStatus,
} from '@aws-sdk/client-cloudformation';
import { DescribeResourcePoliciesCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { GetAccountSettingsCommand, GetFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { ListSecretsCommand } from '@aws-sdk/client-secrets-manager';
import { GetAWSDefaultServiceQuotaCommand, GetServiceQuotaCommand } from '@aws-sdk/client-service-quotas';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { beforeEach, describe, expect, it } from 'vitest';
import { readAccount } from '../../../bin/account/account-facts.ts';
import { accountClients } from '../../../bin/account/clients.ts';
import { preflight } from '../../../bin/account/preflight.ts';
import { ACCOUNT, REGION, stage } from './accounts.ts';
import { aws, awsError, operations, resetAws } from './aws.ts';

const needs = {
  ...stage,
  fixedNames: [{ type: 'AWS::Lambda::Function', name: 'Fanfare-prod-deliver' }],
  reservations: [{ logicalId: 'Fallback', executions: 200 }],
  keptTables: ['Channels', 'Messages'],
  neighbours: [{ ...stage.share, stackName: 'Fanfare-dev' }],
} as const;

async function read() {
  const clients = accountClients(REGION);
  return readAccount(clients, needs, clients.stacks);
}

const resource = (logicalId: string, ResourceStatus: ResourceStatus = 'CREATE_COMPLETE') => ({
  LogicalResourceId: logicalId,
  PhysicalResourceId: `physical-${logicalId}`,
  ResourceType: 'AWS::DynamoDB::GlobalTable',
  ResourceStatus,
  LastUpdatedTimestamp: new Date(0),
});

beforeEach(resetAws);

describe('reading an account', () => {
  it('names the account and the region', async () => {
    expect(await read()).toMatchObject({ account: ACCOUNT, region: REGION });
  });

  it('reads a new account, in which nothing exists', async () => {
    const { answers } = await read();

    expect(answers).toMatchObject({
      stacks: { value: new Map() },
      resources: { value: [] },
      concurrency: { value: { total: 10, unreserved: 10 } },
      functions: { value: new Map() },
      gateway: { value: { throttle: { rateLimit: 2_500, burstLimit: 1_250 } } },
      newConnections: { value: 500 },
      secrets: { value: [] },
      logPolicies: { value: [] },
    });
  });

  it('reads an account in use: stacks, log role, names, secrets and policies', async () => {
    aws.stacks.on(DescribeStacksCommand, { StackName: 'CDKToolkit' }).resolves({
      Stacks: [
        {
          StackName: 'CDKToolkit',
          CreationTime: new Date(0),
          StackStatus: 'UPDATE_COMPLETE',
          Outputs: [{ OutputKey: 'BootstrapVersion', OutputValue: '25' }],
        },
      ],
    });
    aws.gateway.on(GetAccountCommand).resolves({ cloudwatchRoleArn: 'arn:aws:iam::1:role/logs' });
    aws.functions
      .on(GetFunctionConcurrencyCommand, { FunctionName: 'Fanfare-prod-deliver' })
      .resolves({ ReservedConcurrentExecutions: 7 });
    aws.secrets
      .on(ListSecretsCommand)
      .resolves({ SecretList: [{ Name: 'Fanfare-prod/a', DeletedDate: new Date(0) }] });
    aws.logs
      .on(DescribeResourcePoliciesCommand)
      .resolves({ resourcePolicies: [{ policyName: 'p', policyDocument: '{}' }] });
    const { answers } = await read();

    expect(answers).toMatchObject({
      stacks: {
        value: new Map([
          ['CDKToolkit', { status: 'UPDATE_COMPLETE', outputs: new Map([['BootstrapVersion', '25']]) }],
        ]),
      },
      functions: { value: new Map([['Fanfare-prod-deliver', 7]]) },
      gateway: { value: { logRole: 'arn:aws:iam::1:role/logs' } },
      secrets: { value: [{ name: 'Fanfare-prod/a', isBeingDeleted: true }] },
      logPolicies: { value: [{ name: 'p', characters: 2 }] },
    });
  });

  it('reads every page of the stack’s resources, without what is no longer the stack’s', async () => {
    aws.stacks.on(ListStackResourcesCommand).callsFake(({ NextToken }) =>
      NextToken === undefined
        ? {
            StackResourceSummaries: [resource('Channels'), resource('Old', 'DELETE_SKIPPED')],
            NextToken: '2',
          }
        : {
            StackResourceSummaries: [
              resource('Messages'),
              resource('Fallback'),
              resource('Gone', 'DELETE_COMPLETE'),
            ],
          },
    );
    aws.tables
      .on(DescribeTableCommand, { TableName: 'physical-Channels' })
      .resolves({ Table: { DeletionProtectionEnabled: true } });
    const { answers } = await read();

    expect(answers.resources).toMatchObject({
      value: [{ logicalId: 'Channels' }, { logicalId: 'Messages' }, { logicalId: 'Fallback' }],
    });
    expect(answers.unprotectedTables).toEqual({ value: ['physical-Messages'] });
    // The function that has a reservation has no name in the template.
    expect(
      aws.functions.commandCalls(GetFunctionConcurrencyCommand, { FunctionName: 'physical-Fallback' }),
    ).toHaveLength(1);
  });

  it('reads every page of secrets and of policies', async () => {
    aws.secrets
      .on(ListSecretsCommand)
      .callsFake(({ NextToken }) =>
        NextToken === undefined
          ? { SecretList: [{ Name: 'a' }], NextToken: '2' }
          : { SecretList: [{ Name: 'b' }] },
      );
    aws.logs
      .on(DescribeResourcePoliciesCommand)
      .callsFake(({ nextToken }) =>
        nextToken === undefined
          ? { resourcePolicies: [{ policyName: 'a' }], nextToken: '2' }
          : { resourcePolicies: [{ policyName: 'b' }] },
      );
    const { answers } = await read();

    expect(answers.secrets).toMatchObject({ value: [{ name: 'a' }, { name: 'b' }] });
    expect(answers.logPolicies).toMatchObject({ value: [{ name: 'a' }, { name: 'b' }] });
  });

  it('takes the default of a quota that the account never changed', async () => {
    aws.quotas.on(GetServiceQuotaCommand).rejects(awsError('NoSuchResourceException'));
    aws.quotas.on(GetAWSDefaultServiceQuotaCommand).resolves({ Quota: { Value: 321 } });

    expect((await read()).answers.newConnections).toEqual({ value: 321 });
  });

  it('only reads: every operation gets, describes or lists', async () => {
    aws.stacks.on(ListStackResourcesCommand).resolves({ StackResourceSummaries: [resource('Channels')] });
    await read();
    const asked = operations();

    expect(new Set(asked)).toEqual(
      new Set([
        'GetCallerIdentity',
        'GetAccount',
        'GetAccountSettings',
        'GetFunctionConcurrency',
        'GetServiceQuota',
        'DescribeStacks',
        'DescribeTable',
        'DescribeResourcePolicies',
        'ListStackResources',
        'ListSecrets',
      ]),
    );
    expect(asked.filter((operation) => !/^(Get|Describe|List)/.test(operation))).toEqual([]);
  });
});

describe('an account that may not be read', () => {
  const denied = awsError('AccessDeniedException', 'not authorized');

  it('causes a note for each fact with the missing permission, and the rest is still checked', async () => {
    aws.functions.on(GetAccountSettingsCommand).rejects(denied);
    const findings = preflight(await read(), needs);

    expect(findings.filter(({ about }) => about === 'unread')).toEqual([
      {
        severity: 'note',
        about: 'unread',
        sentence:
          'The concurrency of the account could not be read: AccessDeniedException, needs lambda:GetAccountSettings.',
      },
    ]);
    expect(findings.map(({ about }) => about)).toContain('bootstrap');
    expect(findings.map(({ about }) => about)).not.toContain('concurrency');
  });

  it('may be closed altogether: then nothing is refused, and a note names every fact that was not read', async () => {
    for (const client of Object.values(aws)) client.reset().rejects(denied);
    aws.identity.on(GetCallerIdentityCommand).resolves({ Account: ACCOUNT });
    const account = await read();
    const findings = preflight(account, needs);
    const unread = Object.entries(account.answers).flatMap(([fact, answer]) =>
      'unread' in answer ? [fact] : [],
    );

    // Not the tables, which the stack's resources name, and not the region of an edge that the stage does not have.
    expect(unread.sort()).toEqual([
      'concurrency',
      'functions',
      'gateway',
      'logPolicies',
      'newConnections',
      'resources',
      'secrets',
      'stacks',
    ]);
    expect(findings.map(({ severity, about }) => `${severity} ${about}`)).toEqual(
      unread.map(() => 'note unread'),
    );
  });

  it('causes the advice to repeat a throttled question', async () => {
    aws.stacks.on(ListStackResourcesCommand).rejects(awsError('ThrottlingException'));

    expect((await read()).answers.resources).toEqual({
      unread:
        'The resources of Fanfare-prod could not be read: ThrottlingException; run it again in a minute.',
    });
  });

  it('causes an unknown error to be thrown', async () => {
    aws.gateway.on(GetAccountCommand).rejects(awsError('InternalFailure', 'Try later'));

    expect((await read()).answers.gateway).toEqual({
      unread: 'The log role and the throttle of API Gateway could not be read: InternalFailure: Try later',
    });
  });
});
