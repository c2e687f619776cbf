import { BatchWriteItemCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { connectEventFixture } from './gateway-events.ts';

vi.stubEnv('CONNECTIONS_TABLE', 'connections');
vi.stubEnv('SUBSCRIPTIONS_TABLE', 'subscriptions');
vi.stubEnv('CHANNELS_TABLE', 'channels');
vi.stubEnv('AWS_REGION', 'us-east-1');

const sdk = mockClient(DynamoDBClient);
const { handler } = await import('../../lambdas/connect.ts');

describe('$connect', () => {
  beforeEach(() => {
    sdk.reset();
    sdk.on(BatchWriteItemCommand).resolves({});
    sdk.on(GetItemCommand).resolves({});
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
              among: { N: '1' },
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
});
