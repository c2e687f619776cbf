/**
 * The AWS managed policies that roles of functions use, with the actions that matter here.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */

import type { PolicyStatement } from './statement.ts';

const PREFIX = 'arn:aws:iam::aws:policy/';

const allow = (...Action: string[]): PolicyStatement => ({ Effect: 'Allow', Action, Resource: ['*'] });

const LOGS = allow('logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents');
const READ_STREAMS = allow(
  'dynamodb:DescribeStream',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
  'dynamodb:ListStreams',
);

/** By their names, including the path. */
const policies = new Map<string, readonly PolicyStatement[]>([
  ['AdministratorAccess', [allow('*')]],
  [
    'PowerUserAccess',
    [{ Effect: 'Allow', NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: ['*'] }],
  ],
  ['AmazonDynamoDBFullAccess', [allow('dynamodb:*')]],
  ['AmazonDynamoDBFullAccess_v2', [allow('dynamodb:*')]],
  [
    'AmazonDynamoDBReadOnlyAccess',
    [
      allow(
        'dynamodb:BatchGetItem',
        'dynamodb:Describe*',
        'dynamodb:List*',
        'dynamodb:GetItem',
        'dynamodb:Query',
        'dynamodb:Scan',
        'dynamodb:PartiQLSelect',
      ),
    ],
  ],
  ['AmazonAPIGatewayInvokeFullAccess', [allow('execute-api:Invoke', 'execute-api:ManageConnections')]],
  ['AmazonEventBridgeFullAccess', [allow('events:*')]],
  ['AWSLambda_FullAccess', [allow('lambda:*')]],
  ['SecretsManagerReadWrite', [allow('secretsmanager:*')]],
  ['AWSXRayDaemonWriteAccess', []],
  ['CloudWatchLambdaInsightsExecutionRolePolicy', []],
  ['service-role/AWSLambdaBasicExecutionRole', [LOGS]],
  ['service-role/AWSLambdaVPCAccessExecutionRole', [LOGS]],
  ['service-role/AWSLambdaDynamoDBExecutionRole', [LOGS, READ_STREAMS]],
  ['service-role/AWSLambdaRole', [allow('lambda:InvokeFunction')]],
]);

/** `undefined` for an unknown policy. */
export function awsManagedPolicy(arn: string): readonly PolicyStatement[] | undefined {
  return arn.startsWith(PREFIX) ? policies.get(arn.slice(PREFIX.length)) : undefined;
}
