import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import {
  BatchWriteItemCommand,
  DynamoDBClient,
  ListTablesCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it, onTestFinished } from 'vitest';
import { accessKeyOf } from '../../../packages/local/src/permissions/caller.ts';
import type { Runtime } from '../../../packages/local/src/runtime.ts';
import { returns } from '../../fixtures/functions.ts';
import { functionResource, functionUrlResource, httpTemplate } from '../../fixtures/http-template.ts';
import { runTemplate } from '../run-template.ts';
import { signed } from '../signed-fetch.ts';

const ARN = (service: string, rest: string) => `arn:aws:${service}:us-east-1:000000000000:${rest}`;

const SECRET = ARN('secretsmanager', 'secret:Password-AbCdEf');

/** An attempt to do something as the function `Work`, or as a developer. */
type Attempt = (runtime: Runtime, accessKeyId: string) => Promise<unknown>;

function options(endpoint: string, accessKeyId: string) {
  return { endpoint, region: 'us-east-1', credentials: { accessKeyId, secretAccessKey: 'local' } };
}

const dynamodb =
  (use: (client: DynamoDBClient) => Promise<unknown>): Attempt =>
  ({ urls }, key) => {
    const client = new DynamoDBClient(options(urls.dynamodb, key));
    onTestFinished(() => client.destroy());
    return use(client);
  };

const Item = { id: { S: 'a' } };

const attempts: [action: string, resource: string, attempt: Attempt, otherwise: object][] = [
  [
    'dynamodb:PutItem',
    ARN('dynamodb', 'table/Items'),
    dynamodb((client) => client.send(new PutItemCommand({ TableName: 'Items', Item }))),
    {},
  ],
  [
    'dynamodb:BatchWriteItem',
    ARN('dynamodb', 'table/Items'),
    dynamodb((client) =>
      client.send(new BatchWriteItemCommand({ RequestItems: { Items: [{ PutRequest: { Item } }] } })),
    ),
    {},
  ],
  [
    'dynamodb:PutItem',
    ARN('dynamodb', 'table/Items'),
    dynamodb((client) =>
      client.send(new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName: 'Items', Item } }] })),
    ),
    {},
  ],
  [
    'dynamodb:ListTables',
    '*',
    dynamodb((client) => client.send(new ListTablesCommand())),
    { TableNames: ['Items'] },
  ],
  [
    'execute-api:ManageConnections',
    ARN('execute-api', 'Api/test/POST/@connections/*'),
    ({ urls }, key) => {
      const client = new ApiGatewayManagementApiClient(options(urls.http, key));
      onTestFinished(() => client.destroy());
      const post = new PostToConnectionCommand({ ConnectionId: 'AAAAAAAAAAAAAAA=', Data: 'hello' });
      return client.send(post);
    },
    { name: 'GoneException' },
  ],
  [
    'lambda:InvokeFunction',
    ARN('lambda', 'function:Other'),
    async ({ urls }, key) => {
      const client = new LambdaClient(options(urls.lambda, key));
      onTestFinished(() => client.destroy());
      const { Payload } = await client.send(new InvokeCommand({ FunctionName: 'Other' }));
      return { Payload: Payload?.transformToString() };
    },
    { Payload: '"done"' },
  ],
  [
    'secretsmanager:GetSecretValue',
    SECRET,
    ({ urls }, key) => {
      const client = new SecretsManagerClient(options(urls.secretsManager, key));
      onTestFinished(() => client.destroy());
      return client.send(new GetSecretValueCommand({ SecretId: 'Password' }));
    },
    { SecretString: 'written' },
  ],
  [
    'events:PutEvents',
    ARN('events', 'event-bus/default'),
    ({ urls }, key) => {
      const client = new EventBridgeClient(options(urls.eventBridge, key));
      onTestFinished(() => client.destroy());
      const Entries = [{ Source: 'own', DetailType: 'test', Detail: '{}' }];
      return client.send(new PutEventsCommand({ Entries }));
    },
    { FailedEntryCount: 0 },
  ],
];

/** A runtime in which `Work` has a role with these statements, and its log lines. */
const serveWith = (...Statement: object[]) => serveWithMore({}, ...Statement);

async function serveWithMore(more: object, ...Statement: object[]) {
  const notes: string[] = [];
  const work = functionResource({ code: 'work' });
  const template = httpTemplate(
    { routes: { 'GET /a/{b}': { code: 'work', authorizationType: 'AWS_IAM' } } },
    {
      Work: { ...work, Properties: { ...work.Properties, Role: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
      Other: functionResource({ code: 'other' }),
      OtherUrl: functionUrlResource('Other', { AuthType: 'AWS_IAM' }),
      Role: { Type: 'AWS::IAM::Role', Properties: { Policies: [{ PolicyDocument: { Statement } }] } },
      Items: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
          StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
        },
      },
      Password: { Type: 'AWS::SecretsManager::Secret', Properties: { SecretString: 'written' } },
      ...more,
    },
  );
  const sources = { work: returns('worked'), other: returns('done') };
  const runtime = await runTemplate(template, sources, { onNote: (note) => notes.push(note) });
  onTestFinished(() => runtime.close());
  return { runtime, notes };
}

const byWork = accessKeyOf('Work');

/** How an attempt ends, one way or the other. */
const outcomeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    (result) => result,
    ({ name, message }) => ({ name, message }),
  );

describe('a function whose role grants another right', () => {
  it.each(attempts)('is refused %s on %s, with an error that says so', async (action, resource, attempt) => {
    const { runtime, notes } = await serveWith({ Effect: 'Allow', Action: 'kms:*', Resource: '*' });

    expect(await outcomeOf(attempt(runtime, byWork))).toEqual({
      name: 'AccessDeniedException',
      message: `User: arn:aws:sts::000000000000:assumed-role/Role/Work is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
    });
    expect(notes).toContain(`Refused: Work may not ${action} ${resource}; its role is Role.`);
  });
});

describe('a function whose role grants the right', () => {
  it.each(attempts)('may %s on %s', async (Action, Resource, attempt, expected) => {
    const { runtime } = await serveWith({ Effect: 'Allow', Action, Resource });

    expect(await outcomeOf(attempt(runtime, byWork))).toMatchObject(expected);
  });
});

describe('a developer', () => {
  it.each(attempts)('may %s on %s without any role', async (_action, _resource, attempt, expected) => {
    const { runtime } = await serveWith();

    expect(await outcomeOf(attempt(runtime, 'local'))).toMatchObject(expected);
  });
});

describe('a route that asks for a signature', () => {
  it.each([
    ['execute-api:Invoke', 200],
    ['execute-api:ManageConnections', 403],
  ])('lets a function in that may %s: %d', async (Action, status) => {
    const { runtime } = await serveWith({
      Effect: 'Allow',
      Action,
      Resource: ARN('execute-api', 'HttpApi/test/GET/a/*'),
    });

    const url = `${runtime.urls.http}/a/b`;

    const request = await signed(url, {}, { service: 'execute-api', accessKeyId: byWork });
    expect((await fetch(url, request)).status).toBe(status);
  });
});

describe('the URL of a function that asks for a signature', () => {
  it.each([
    ['lambda:InvokeFunctionUrl', 200],
    ['lambda:InvokeFunction', 403],
  ])('lets a function in that may %s: %d', async (Action, status) => {
    const { runtime } = await serveWith({
      Effect: 'Allow',
      Action,
      Resource: ARN('lambda', 'function:Other'),
    });
    const url = runtime.urls.functionUrls['Other'] ?? '';

    const request = await signed(url, {}, { service: 'lambda', accessKeyId: byWork });
    expect((await fetch(url, request)).status).toBe(status);
  });
});

describe('a function that reads a stream', () => {
  const STREAM = ARN('dynamodb', 'table/Items/stream/2000-01-01T00:00:00.000');

  const reads = {
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: { 'Fn::GetAtt': ['Items', 'StreamArn'] },
        FunctionName: { Ref: 'Work' },
        StartingPosition: 'LATEST',
      },
    },
  };
  const allowing = (...Action: string[]) => ({ Effect: 'Allow', Action, Resource: STREAM });
  const rest = ['dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'];

  it('starts with a role that lets it read', async () => {
    await expect(serveWithMore(reads, allowing(...rest, 'dynamodb:DescribeStream'))).resolves.toBeDefined();
  });

  it('stops the start with a role that does not, as it would stop the deployment', async () => {
    await expect(serveWithMore(reads, allowing(...rest))).rejects.toThrow(
      `Mapping cannot read its stream. User: arn:aws:sts::000000000000:assumed-role/Role/Work is not authorized to perform: dynamodb:DescribeStream on resource: ${STREAM} because no identity-based policy allows the dynamodb:DescribeStream action.`,
    );
  });
});
