import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { CONNECTIONS_PER_USER } from 'fanfare-protocol/limits';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { connectEventFixture } from './gateway-events.ts';

vi.stubEnv('CONNECTIONS_TABLE', 'connections');
vi.stubEnv('SUBSCRIPTIONS_TABLE', 'subscriptions');
vi.stubEnv('CHANNELS_TABLE', 'channels');
vi.stubEnv('REVOCATIONS_TABLE', 'revocations');
vi.stubEnv('MANAGEMENT_ENDPOINT', 'https://api.example/prod');
vi.stubEnv('STAGE', 'prod');
vi.stubEnv('AWS_REGION', 'us-east-1');

const sdk = mockClient(DynamoDBClient);
const management = mockClient(ApiGatewayManagementApiClient);
const { handler } = await import('../../lambdas/connect.ts');

describe('$connect', () => {
  beforeEach(() => {
    sdk.reset();
    sdk.on(BatchWriteItemCommand).resolves({});
    sdk.on(GetItemCommand).resolves({});
    sdk.on(QueryCommand).resolves({});
  });

  it('stores the connection and its built-in subscription in one request, both with a TTL', async () => {
    await handler(connectEventFixture());

    const connectionId = { S: 'L0SM9cOFvHcCIhw=' };
    const expiresAt = { N: expect.stringMatching(/^\d{10}$/) };
    const [request, ...more] = sdk.commandCalls(BatchWriteItemCommand);
    expect(more).toEqual([]);
    expect(request?.args[0].input.RequestItems).toEqual({
      connections: [
        { PutRequest: { Item: { connectionId, channels: { M: { '@all': { N: '0' } } }, expiresAt } } },
      ],
      subscriptions: [
        {
          PutRequest: {
            Item: {
              channelShard: { S: '@all#0' },
              connectionId,
              shardCount: { N: '1' },
              expiresAt,
              handshakeUntil: { N: expect.any(String) },
            },
          },
        },
      ],
    });
  });

  it('accepts a client that offers no subprotocol, and names none', async () => {
    expect(await handler(connectEventFixture())).toEqual({ statusCode: 200 });
  });

  it.each(['Sec-WebSocket-Protocol', 'sec-websocket-protocol', 'SEC-WEBSOCKET-PROTOCOL'])(
    'returns fanfare.v1 to a client that offers it in the header %s (HS-10, HS-13)',
    async (name) => {
      expect(await handler(connectEventFixture({ [name]: 'fanfare.v1, token' }))).toEqual({
        statusCode: 200,
        headers: { 'Sec-WebSocket-Protocol': 'fanfare.v1' },
      });
    },
  );

  it('refuses a client that offers only other subprotocols, and stores nothing', async () => {
    expect(await handler(connectEventFixture({ 'Sec-WebSocket-Protocol': 'mqtt' }))).toEqual({
      statusCode: 400,
    });
    expect(sdk.calls()).toHaveLength(0);
  });

  it('fails, and so refuses the handshake, when the connection cannot be stored', async () => {
    sdk.on(BatchWriteItemCommand).rejects(new Error('no table'));

    await expect(handler(connectEventFixture())).rejects.toThrow('no table');
  });

  it('reads no revocation and no other connection for an anonymous client', async () => {
    await handler(connectEventFixture());

    expect(sdk.commandCalls(GetItemCommand, { TableName: 'revocations' })).toEqual([]);
    expect(sdk.commandCalls(QueryCommand)).toEqual([]);
    expect(sdk.commandCalls(DeleteItemCommand)).toEqual([]);
  });
});

describe('$connect with a token', () => {
  const connectionId = { S: 'L0SM9cOFvHcCIhw=' };

  beforeEach(() => {
    sdk.reset();
    sdk.on(BatchWriteItemCommand).resolves({});
    sdk.on(GetItemCommand).resolves({});
    sdk.on(QueryCommand).resolves({ Items: [rowOf(connectionId.S)] });
    sdk.on(DeleteItemCommand).resolves({
      Attributes: { channels: { M: { '@all': { N: '0' }, '@user:ann': { N: '0' } } } },
    });
  });

  const connect = () => handler(connectEventFixture({ 'Sec-WebSocket-Protocol': 'fanfare.v1' }, 'ann'));

  it('stores the connection and both built-in subscriptions in one request, and keeps them', async () => {
    expect(await connect()).toMatchObject({ statusCode: 200 });

    const [request, ...more] = sdk.commandCalls(BatchWriteItemCommand);
    expect(more).toEqual([]);
    expect(request?.args[0].input.RequestItems).toMatchObject({
      connections: [{ PutRequest: { Item: { connectionId, user: { S: 'ann' } } } }],
      subscriptions: [
        { PutRequest: { Item: { channelShard: { S: '@all#0' }, user: { S: 'ann' } } } },
        { PutRequest: { Item: { channelShard: { S: '@user:ann#0' }, user: { S: 'ann' } } } },
      ],
    });
    expect(sdk.commandCalls(DeleteItemCommand)).toEqual([]);
  });

  it('reads revocations consistently after it has stored, so it sees a concurrent revocation or the revoker sees the connection', async () => {
    await connect();

    const commands = sdk.calls().map(({ args }) => args[0]);
    const stored = commands.findIndex((command) => command instanceof BatchWriteItemCommand);
    expect(commands.slice(stored + 1).map(({ input }) => input)).toMatchObject([
      { TableName: 'revocations', Key: { user: { S: 'ann' } }, ConsistentRead: true },
      {
        TableName: 'subscriptions',
        ExpressionAttributeValues: { ':shard': { S: '@user:ann#0' } },
        ConsistentRead: true,
      },
    ]);
  });

  it('that was revoked is refused with 401, and leaves no row', async () => {
    sdk.on(GetItemCommand, { TableName: 'revocations' }).resolves({ Item: { issuedBefore: { N: '1' } } });

    expect(await connect()).toEqual({ statusCode: 401 });

    expectForgotten();
  });

  it('of a user who has too many connections is refused with 429, and leaves no row', async () => {
    const others = Array.from({ length: CONNECTIONS_PER_USER }, (_, n) => rowOf(`other ${n}`));
    sdk.on(QueryCommand).resolves({ Items: [...others, rowOf(connectionId.S)] });

    expect(await connect()).toEqual({ statusCode: 429 });

    expectForgotten();
  });

  it('closes sockets of its user whose tokens have ended if there would be too many, and gets in', async () => {
    management.reset();
    management.on(DeleteConnectionCommand).resolves({});
    const others = Array.from({ length: CONNECTIONS_PER_USER }, (_, n) => rowOf(`other ${n}`));
    const ended = { endsAt: { N: '1' } };
    const overHttp = { ...rowOf('http=over'), expiresAt: { N: '1' } };
    const Items = [overHttp, { ...others[0], ...ended }, ...others.slice(1), rowOf(connectionId.S)];
    sdk.on(QueryCommand).resolves({ Items });

    expect(await connect()).toMatchObject({ statusCode: 200 });

    const closed = management.commandCalls(DeleteConnectionCommand).map(({ args }) => args[0].input);
    expect(closed).toEqual([{ ConnectionId: 'other 0' }]);
    const forgotten = sdk.commandCalls(DeleteItemCommand).map(({ args }) => args[0].input.Key);
    // A session over HTTP ends with its lease, and does not count any more.
    expect(forgotten).toEqual([{ connectionId: { S: 'other 0' } }]);
  });

  it('closes nothing when there is room', async () => {
    management.reset();
    sdk
      .on(QueryCommand)
      .resolves({ Items: [{ ...rowOf('old'), endsAt: { N: '1' } }, rowOf(connectionId.S)] });

    expect(await connect()).toMatchObject({ statusCode: 200 });

    expect(management.calls()).toEqual([]);
    expect(sdk.commandCalls(DeleteItemCommand)).toEqual([]);
  });

  it('fails, and so refuses the handshake, when revocations cannot be read', async () => {
    sdk.on(GetItemCommand, { TableName: 'revocations' }).rejects(new Error('no table'));

    await expect(connect()).rejects.toThrow('no table');
  });

  it('is refused when the authorizer passed on half an identity', async () => {
    const event = connectEventFixture({}, 'ann');
    const authorizer = { user: 'ann' };

    await expect(
      handler({ ...event, requestContext: { ...event.requestContext, authorizer } }),
    ).rejects.toThrow();
    expect(sdk.calls()).toHaveLength(0);
  });

  function expectForgotten(): void {
    expect(sdk.commandCalls(DeleteItemCommand).map(({ args }) => args[0].input)).toMatchObject([
      { TableName: 'connections', Key: { connectionId } },
    ]);
    expect(sdk.commandCalls(BatchWriteItemCommand).at(-1)?.args[0].input.RequestItems).toEqual({
      subscriptions: [
        { DeleteRequest: { Key: { channelShard: { S: '@all#0' }, connectionId } } },
        { DeleteRequest: { Key: { channelShard: { S: '@user:ann#0' }, connectionId } } },
      ],
    });
  }

  function rowOf(id: string) {
    const expiresAt = { N: '9999999999' };
    return { connectionId: { S: id }, shardCount: { N: '1' }, expiresAt };
  }
});
