import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import {
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

vi.stubEnv('CONNECTIONS_TABLE', 'connections');
vi.stubEnv('MAILBOXES_TABLE', 'mailboxes');
vi.stubEnv('HTTP_SESSIONS_TABLE', 'http-sessions');
vi.stubEnv('SUBSCRIPTIONS_TABLE', 'subscriptions');
vi.stubEnv('REVOCATIONS_TABLE', 'revocations');
vi.stubEnv('MANAGEMENT_ENDPOINT', 'https://api.example/prod');
vi.stubEnv('AWS_REGION', 'us-east-1');

const dynamodb = mockClient(DynamoDBClient);
const management = mockClient(ApiGatewayManagementApiClient);
const { handler } = await import('../../lambdas/revoke.ts');

const NOW = Date.UTC(2026, 10, 22, 12) + 999;

const rows = (...ids: string[]) =>
  ids.map((id) => ({ connectionId: { S: id }, shardCount: { N: '1' }, expiresAt: { N: '9999999999' } }));

const moments = () =>
  dynamodb
    .commandCalls(UpdateItemCommand)
    .map(({ args }) => args[0].input.ExpressionAttributeValues?.[':moment']?.N);

describe('revoke', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
    dynamodb.reset();
    dynamodb.on(UpdateItemCommand).resolves({});
    dynamodb.on(QueryCommand).resolves({ Items: rows('one', 'two') });
    dynamodb.on(DeleteItemCommand).resolves({});
    dynamodb.on(BatchWriteItemCommand).resolves({});
    management.reset();
    management.on(DeleteConnectionCommand).resolves({});
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('revokes all tokens issued up to now by default, also in the second that has begun', async () => {
    expect(await handler({ user: 'ann' })).toEqual({ closed: 2 });

    expect(moments()).toEqual([String(Math.floor(NOW / 1000) + 1)]);
    expect(dynamodb.commandCalls(UpdateItemCommand)[0]?.args[0].input).toMatchObject({
      TableName: 'revocations',
      Key: { user: { S: 'ann' } },
    });
  });

  it.each([0, 1_700_000_000, 4_000_000_000])(
    'revokes all tokens issued before the given moment: %i',
    async (issuedBefore) => {
      await handler({ user: 'ann', issuedBefore });

      expect(moments()).toEqual([String(issuedBefore)]);
    },
  );

  it('closes the connections of the user', async () => {
    await handler({ user: 'ann' });

    expect(dynamodb.commandCalls(QueryCommand)[0]?.args[0].input).toMatchObject({
      ExpressionAttributeValues: { ':shard': { S: '@user:ann#0' } },
      ConsistentRead: true,
    });
    const closed = management.commandCalls(DeleteConnectionCommand).map(({ args }) => args[0].input);
    expect(closed).toEqual([{ ConnectionId: 'one' }, { ConnectionId: 'two' }]);
  });

  it('closes the connections also if a later moment was revoked before', async () => {
    const exception = new ConditionalCheckFailedException({ message: 'no', $metadata: {} });
    dynamodb.on(UpdateItemCommand).rejects(exception);

    expect(await handler({ user: 'ann', issuedBefore: 1 })).toEqual({ closed: 2 });
  });

  it('fails when a connection could not be closed, so that the caller repeats it', async () => {
    management.on(DeleteConnectionCommand, { ConnectionId: 'one' }).rejects(new Error('forbidden'));

    await expect(handler({ user: 'ann' })).rejects.toThrow('1 connections could not be closed');
    expect(management.commandCalls(DeleteConnectionCommand, { ConnectionId: 'two' })).toHaveLength(1);
  });

  it.each([
    ['nothing', undefined, 'Expected Object'],
    ['a name alone', 'ann', 'Expected Object'],
    ['no user', {}, '"user"'],
    ['an empty user', { user: '' }, 'Expected >=1'],
    ['a user that is no text', { user: 7 }, 'Expected string'],
    ['a moment in words', { user: 'ann', issuedBefore: 'now' }, 'whole seconds since 1970'],
    ['a moment that is no whole second', { user: 'ann', issuedBefore: 1.5 }, 'whole seconds since 1970'],
    ['a moment before 1970', { user: 'ann', issuedBefore: -1 }, 'whole seconds since 1970'],
    ['a moment of null', { user: 'ann', issuedBefore: null }, 'whole seconds since 1970'],
    [
      'a moment in milliseconds',
      { user: 'ann', issuedBefore: 1_795_375_600_000 },
      'whole seconds since 1970',
    ],
  ])('says what is wrong with %s, and revokes nothing', async (_what, event, complaint) => {
    await expect(handler(event)).rejects.toThrow(complaint);

    expect(dynamodb.calls()).toEqual([]);
    expect(management.calls()).toEqual([]);
  });

  it('prints nothing', async () => {
    const printed = [
      vi.spyOn(process.stdout, 'write').mockReturnValue(true),
      vi.spyOn(process.stderr, 'write').mockReturnValue(true),
      ...(['log', 'info', 'warn', 'error', 'debug'] as const).map((level) =>
        vi.spyOn(console, level).mockImplementation(() => {}),
      ),
    ];

    await handler({ user: 'ann' });
    const calls = printed.flatMap((spy) => spy.mock.calls);
    vi.restoreAllMocks();

    expect(calls).toEqual([]);
  });
});
