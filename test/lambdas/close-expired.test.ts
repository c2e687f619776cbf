import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it, vi } from 'vitest';

vi.stubEnv('CONNECTIONS_TABLE', 'connections');
vi.stubEnv('SUBSCRIPTIONS_TABLE', 'subscriptions');
vi.stubEnv('EXPIRY_INDEX', 'ByEnd');
vi.stubEnv('PRESENCE_TABLE', 'presence');
vi.stubEnv('DUE_INDEX', 'ByDue');
vi.stubEnv('FAREWELL_WORKER', 'farewell');
vi.stubEnv('MANAGEMENT_ENDPOINT', 'https://api.example/prod');
vi.stubEnv('AWS_REGION', 'us-east-1');

const dynamodb = mockClient(DynamoDBClient);
const management = mockClient(ApiGatewayManagementApiClient);
const lambda = mockClient(LambdaClient);
const { handler } = await import('../../lambdas/close-expired.ts');

const within = (ms: number) => ({ getRemainingTimeInMillis: () => ms });

describe('close-expired', () => {
  beforeEach(() => {
    dynamodb.reset();
    dynamodb.on(QueryCommand).resolves({});
    dynamodb.on(QueryCommand, { ExpressionAttributeValues: { ':lane': { N: '3' } } }, false).resolves({
      Items: [{ connectionId: { S: 'one' } }, { connectionId: { S: 'two' } }],
    });
    dynamodb.on(DeleteItemCommand).resolves({
      Attributes: { channels: { M: { '@user:ann': { N: '0' } } } },
    });
    dynamodb.on(BatchWriteItemCommand).resolves({});
    lambda.reset();
    lambda.on(InvokeCommand).resolves({});
    management.reset();
    management.on(DeleteConnectionCommand).resolves({});
  });

  it('asks every lane of the index for ended connections, closes them and forgets them', async () => {
    const swept = await handler({}, within(60_000));

    const queries = dynamodb
      .commandCalls(QueryCommand, { TableName: 'connections' })
      .map(({ args }) => args[0].input);
    expect(queries).toHaveLength(16);
    expect(new Set(queries.map((query) => query.ExpressionAttributeValues?.[':lane']?.N)).size).toBe(16);
    for (const query of queries)
      expect(query).toMatchObject({ TableName: 'connections', IndexName: 'ByEnd' });
    const closed = management.commandCalls(DeleteConnectionCommand).map(({ args }) => args[0].input);
    expect(closed).toEqual([{ ConnectionId: 'one' }, { ConnectionId: 'two' }]);
    const removed = dynamodb.commandCalls(DeleteItemCommand).map(({ args }) => args[0].input.Key);
    expect(removed).toEqual([{ connectionId: { S: 'one' } }, { connectionId: { S: 'two' } }]);
    expect(dynamodb.commandCalls(BatchWriteItemCommand)).toHaveLength(2);
    expect(swept).toEqual({ found: 2, failed: 0, isDone: true });
  });

  it('does not fail when a connection cannot be closed, and the next run tries it again', async () => {
    management.on(DeleteConnectionCommand, { ConnectionId: 'one' }).rejects(new Error('500'));

    expect(await handler({}, within(60_000))).toEqual({ found: 2, failed: 1, isDone: true });
    expect(dynamodb.commandCalls(DeleteItemCommand)).toHaveLength(1);
  });

  it('begins no page without time for it', async () => {
    expect(await handler({}, within(1_000))).toEqual({ found: 0, failed: 0, isDone: false });
    expect(dynamodb.commandCalls(QueryCommand, { TableName: 'connections' })).toEqual([]);
  });

  it('starts a worker of presence if users are overdue, and none while one has the shift', async () => {
    const overdue = {
      channel: { S: 'chat:a' },
      user: { S: 'ann' },
      until: { N: String(Date.now() - 20_000) },
    };
    dynamodb.on(QueryCommand, { IndexName: 'ByDue' }).resolves({ Items: [overdue] });
    dynamodb.on(UpdateItemCommand).resolves({ Attributes: { notes: { N: '3' } } });
    await handler({}, within(60_000));
    expect(lambda.commandCalls(InvokeCommand)).toHaveLength(1);

    const shiftUntil = { N: String(Date.now() + 10_000) };
    dynamodb.on(UpdateItemCommand).resolves({ Attributes: { worker: { S: 'other' }, shiftUntil } });
    await handler({}, within(60_000));
    expect(lambda.commandCalls(InvokeCommand)).toHaveLength(1);
  });

  it('leaves users who are due just now to the worker', async () => {
    const due = { channel: { S: 'chat:a' }, user: { S: 'ann' }, until: { N: String(Date.now()) } };
    dynamodb.on(QueryCommand, { IndexName: 'ByDue' }).resolves({ Items: [due] });

    await handler({}, within(60_000));

    expect(dynamodb.commandCalls(UpdateItemCommand)).toEqual([]);
    expect(lambda.commandCalls(InvokeCommand)).toEqual([]);
  });

  it('fails when the index cannot be read', async () => {
    dynamodb.on(QueryCommand).rejects(new Error('no index'));

    await expect(handler({}, within(60_000))).rejects.toThrow('no index');
  });
});
