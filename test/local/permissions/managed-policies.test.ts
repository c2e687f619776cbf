/** The managed policies of AWS: each grants exactly the rights that its name says. */

import { describe, expect, it } from 'vitest';
import { decide } from '../../../packages/local/src/permissions/decide.ts';
import { awsManagedPolicy } from '../../../packages/local/src/permissions/managed-policies.ts';
import { statementOf } from '../../../packages/local/src/permissions/statement.ts';

/** Actions of each service that the local runtime decides about, and some that it never sees. */
const ACTIONS = {
  reads: ['BatchGetItem', 'DescribeTable', 'GetItem', 'ListTables', 'Query', 'Scan'].map(dynamodb),
  writes: ['BatchWriteItem', 'DeleteItem', 'PutItem', 'UpdateItem', 'CreateTable', 'DeleteTable'].map(
    dynamodb,
  ),
  streams: ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map(dynamodb),
  logs: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
  invoke: ['lambda:InvokeFunction'],
  functions: ['lambda:DeleteFunction', 'lambda:UpdateFunctionCode'],
  apis: ['execute-api:Invoke', 'execute-api:ManageConnections'],
  events: ['events:PutEvents', 'events:PutRule'],
  secrets: ['secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue'],
  buckets: ['s3:GetObject', 's3:PutObject'],
  users: ['iam:CreateUser', 'organizations:LeaveOrganization', 'account:CloseAccount'],
};

type Group = keyof typeof ACTIONS;

const all = Object.values(ACTIONS).flat();

function dynamodb(operation: string): string {
  return `dynamodb:${operation}`;
}

function granted(name: string): string[] {
  const statements = awsManagedPolicy(`arn:aws:iam::aws:policy/${name}`)?.map(statementOf) ?? [];
  return all.filter((action) => decide(statements, { action, resource: 'arn:any' }) === 'allowed');
}

describe('a managed policy of AWS grants exactly the rights of its name:', () => {
  it.each<[string, readonly Group[]]>([
    ['AmazonDynamoDBFullAccess', ['reads', 'writes', 'streams']],
    ['AmazonDynamoDBFullAccess_v2', ['reads', 'writes', 'streams']],
    ['AmazonAPIGatewayInvokeFullAccess', ['apis']],
    ['AmazonEventBridgeFullAccess', ['events']],
    ['AWSLambda_FullAccess', ['invoke', 'functions']],
    ['SecretsManagerReadWrite', ['secrets']],
    ['AWSXRayDaemonWriteAccess', []],
    ['CloudWatchLambdaInsightsExecutionRolePolicy', []],
    ['service-role/AWSLambdaBasicExecutionRole', ['logs']],
    ['service-role/AWSLambdaVPCAccessExecutionRole', ['logs']],
    ['service-role/AWSLambdaDynamoDBExecutionRole', ['streams', 'logs']],
    ['service-role/AWSLambdaRole', ['invoke']],
  ])('%s', (name, groups) => {
    expect(awsManagedPolicy(`arn:aws:iam::aws:policy/${name}`)).toBeDefined();
    expect(granted(name)).toEqual(groups.flatMap((group) => ACTIONS[group]));
  });

  it('AmazonDynamoDBReadOnlyAccess reads tables, describes and lists streams, and writes nothing', () => {
    const ofStreams = ['dynamodb:DescribeStream', 'dynamodb:ListStreams'];

    expect(granted('AmazonDynamoDBReadOnlyAccess')).toEqual([...ACTIONS.reads, ...ofStreams]);
  });

  it('AdministratorAccess grants everything', () => {
    expect(granted('AdministratorAccess')).toEqual(all);
  });

  it('PowerUserAccess grants everything except users and accounts', () => {
    expect(granted('PowerUserAccess')).toEqual(all.filter((action) => !ACTIONS.users.includes(action)));
  });
});

it.each([
  'arn:aws:iam::aws:policy/ReadOnlyAccess',
  'arn:aws:iam::000000000000:policy/AdministratorAccess',
  'AdministratorAccess',
])('%s is a managed policy that the runtime does not know', (arn) => {
  expect(awsManagedPolicy(arn)).toBeUndefined();
});
