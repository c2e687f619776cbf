import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ApiEvent } from '../../lambdas/events/api-event.ts';

vi.stubEnv('CONNECTIONS_TABLE', 'connections');
vi.stubEnv('MAILBOXES_TABLE', 'mailboxes');
vi.stubEnv('DELIVERY_CLAIMS_TABLE', 'delivery-claims');
vi.stubEnv('HTTP_SESSIONS_TABLE', 'http-sessions');
vi.stubEnv('SUBSCRIPTIONS_TABLE', 'subscriptions');
vi.stubEnv('CHANNELS_TABLE', 'channels');
vi.stubEnv('MESSAGES_TABLE', 'messages');
vi.stubEnv('VALUES_TABLE', 'values');
vi.stubEnv('PUBLISH_KEYS_TABLE', 'publish-keys');
vi.stubEnv('REVOCATIONS_TABLE', 'revocations');
vi.stubEnv('OCCUPANCY_TABLE', 'occupancy');
vi.stubEnv('READ_POSITIONS_TABLE', 'read-positions');
vi.stubEnv('MANAGEMENT_ENDPOINT', 'https://api.example/prod');
vi.stubEnv('DELIVERY_WORKER', 'deliver');
vi.stubEnv('PRESENCE_TABLE', 'presence');
vi.stubEnv('READ_POSITIONS_TABLE', 'read-positions');
vi.stubEnv('FAREWELL_WORKER', 'farewell');
vi.stubEnv('POSTS_PER_SECOND', '5000');
vi.stubEnv('STAGE', 'prod');
vi.stubEnv('AWS_REGION', 'us-east-1');
// Makes the logger print through the global console.
vi.stubEnv('POWERTOOLS_DEV', 'true');

const dynamodb = mockClient(DynamoDBClient);
const management = mockClient(ApiGatewayManagementApiClient);
const { handler } = await import('../../lambdas/api.ts');

const requestContext = { requestId: 'request-1', authorizer: { lambda: { server: 'billing' } } };

/** The used part of format 2.0. */
function eventFixture(routeKey: string, more: Partial<ApiEvent> = {}): ApiEvent {
  return { routeKey, rawQueryString: '', isBase64Encoded: false, requestContext, ...more };
}

async function ask(routeKey: string, more: Partial<ApiEvent> = {}) {
  const { statusCode, body = '' } = await handler(eventFixture(routeKey, more));
  return { status: statusCode, body: JSON.parse(body) };
}

const moments = () =>
  dynamodb
    .commandCalls(UpdateItemCommand)
    .map(({ args }) => args[0].input.ExpressionAttributeValues?.[':moment']?.N);

const newConnection = { connectionId: { S: 'a=' }, channels: { M: {} }, expiresAt: { N: '1800000000' } };

describe('the HTTP API', () => {
  beforeEach(() => {
    dynamodb.reset();
    dynamodb.on(GetItemCommand).resolves({});
    dynamodb.on(QueryCommand).resolves({ Items: [] });
    dynamodb.on(ScanCommand).resolves({ Items: [] });
    dynamodb.on(UpdateItemCommand).resolves({});
    management.reset();
  });

  it('answers JSON that no cache keeps', async () => {
    expect(await handler(eventFixture('GET /channels'))).toEqual({
      statusCode: 200,
      headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
      body: '{"channels":[]}',
    });
  });

  it('answers refusals in the same way', async () => {
    const answer = await handler(eventFixture('GET /nowhere'));

    expect(answer).toMatchObject({
      statusCode: 404,
      headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
    });
    expect(JSON.parse(answer.body ?? '')).toMatchObject({ code: 'not-found', status: 404 });
  });

  it('prefers a value in the path to one in the query', async () => {
    dynamodb.on(GetItemCommand, { Key: { connectionId: { S: 'a=' } } }).resolves({ Item: newConnection });

    expect(
      await ask('GET /connections/{connectionId}', {
        pathParameters: { connectionId: 'a=' },
        rawQueryString: 'connectionId=b%3D',
      }),
    ).toEqual({ status: 200, body: { connectionId: 'a=', channels: [], expiresAt: 1_800_000_000 } });
  });

  it.each([
    [false, '{"user":"ann","issuedBefore":7}'],
    [true, Buffer.from('{"user":"ann","issuedBefore":7}').toString('base64')],
  ])('reads a body, in Base64 or not: %s', async (isBase64Encoded, body) => {
    expect(await ask('POST /revocations', { body, isBase64Encoded })).toEqual({
      status: 200,
      body: { closed: 0 },
    });
    expect(moments()).toEqual(['7']);
  });

  it.each<[string, Partial<ApiEvent>]>([
    ['none', {}],
    ['an empty one', { body: '' }],
    ['a form', { body: 'user=ann' }],
    ['JSON that calls itself Base64', { body: '{"user":"ann"}', isBase64Encoded: true }],
    ['Base64 that does not say so', { body: Buffer.from('{"user":"ann"}').toString('base64') }],
  ])('answers 400 to a body that is not JSON: %s', async (_what, more) => {
    expect(await ask('POST /revocations', more)).toEqual({
      status: 400,
      body: { code: 'bad-request', status: 400, message: 'The body is not JSON.' },
    });
    expect(dynamodb.calls()).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['a token that names none', { lambda: { server: 'billing' } }],
    ['a signature for IAM', { iam: { userId: 'AIDAEXAMPLE' } }],
  ])('is not narrowed to channels for %s', async (_what, authorizer) => {
    const context = { requestId: 'request-1', authorizer };

    expect(await ask('GET /channels', { requestContext: context })).toMatchObject({ status: 200 });
  });

  it('is narrowed to the channels that the token names', async () => {
    const context = {
      requestId: 'request-1',
      authorizer: { lambda: { server: 'billing', channels: '{"public:a":["members"]}' } },
    };
    const occupancyOf = (channel: string) =>
      ask('GET /occupancy', { requestContext: context, rawQueryString: `channel=${channel}` });

    expect(await ask('GET /channels', { requestContext: context })).toMatchObject({ status: 403 });
    expect(await occupancyOf('public:b')).toMatchObject({ status: 403 });
    expect(await occupancyOf('public:a')).toEqual({
      status: 200,
      body: { channel: 'public:a', connections: 0 },
    });
  });

  it.each(['', 'none', '{', '7', '{"chat:*":["everything"]}', 7, null, ['*']])(
    'does nothing when the channels of a token cannot be read: %j',
    async (channels) => {
      const context = { requestId: 'request-1', authorizer: { lambda: { server: 'billing', channels } } };

      await expect(handler(eventFixture('GET /channels', { requestContext: context }))).rejects.toThrow();
      expect(dynamodb.calls()).toEqual([]);
    },
  );

  it.each([undefined, null, {}, { lambda: null }, { lambda: {} }, { iam: {} }])(
    'does nothing for a caller without an authorizer’s context: %j',
    async (authorizer) => {
      const context = { requestId: 'request-1', authorizer };

      await expect(handler(eventFixture('GET /channels', { requestContext: context }))).rejects.toThrow();
      expect(dynamodb.calls()).toEqual([]);
    },
  );

  it('takes rights only from the authorizer, and not from the request', async () => {
    const context = { requestId: 'request-1', authorizer: { lambda: { server: 'billing', channels: '{}' } } };
    const more = { requestContext: context, rawQueryString: 'grants=&channels=' };

    expect(await ask('GET /channels', more)).toMatchObject({ status: 403 });
  });

  it('does not have the namespace open on a deployed stage', async () => {
    const rawQueryString = 'channel=open:a';

    expect(await ask('GET /occupancy', { rawQueryString })).toMatchObject({ status: 403 });
  });

  it('closes connections by the management API', async () => {
    dynamodb.on(GetItemCommand).resolves({ Item: newConnection });
    dynamodb.on(DeleteItemCommand).resolves({});
    management.on(DeleteConnectionCommand).resolves({});
    const pathParameters = { connectionId: 'a=' };

    expect(await ask('DELETE /connections/{connectionId}', { pathParameters })).toEqual({
      status: 200,
      body: { closed: 1 },
    });
    expect(management.commandCalls(DeleteConnectionCommand).map(({ args }) => args[0].input)).toEqual([
      { ConnectionId: 'a=' },
    ]);
  });

  it('logs a failure on our side with the request id and without the body, and returns only the id', async () => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => {});
    dynamodb.on(UpdateItemCommand).rejects(new Error('table StorageX is throttled'));

    const answer = await ask('POST /revocations', { body: '{"user":"ann","note":"secret in the body"}' });

    const logged = JSON.stringify(printed.mock.calls);
    printed.mockRestore();
    expect(answer).toEqual({
      status: 500,
      body: { code: 'internal', status: 500, message: 'Something went wrong here; request request-1.' },
    });
    expect(logged).toContain('StorageX');
    expect(logged).toContain('request-1');
    expect(logged).not.toContain('secret in the body');
  });
});
