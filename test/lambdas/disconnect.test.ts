import { BatchWriteItemCommand, DeleteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { disconnectEventFixture } from './gateway-events.ts';

vi.stubEnv('CONNECTIONS_TABLE', 'connections');
vi.stubEnv('SUBSCRIPTIONS_TABLE', 'subscriptions');
vi.stubEnv('AWS_REGION', 'us-east-1');

const sdk = mockClient(DynamoDBClient);
const { handler } = await import('../../lambdas/disconnect.ts');

describe('$disconnect', () => {
  beforeEach(() => {
    sdk.reset();
    sdk.on(BatchWriteItemCommand).resolves({});
  });

  it('deletes the connection and every subscription that it had', async () => {
    sdk
      .on(DeleteItemCommand)
      .resolves({ Attributes: { channels: { M: { '@all': { N: '3' }, 'open:a': { N: '0' } } } } });

    expect(await handler(disconnectEventFixture())).toEqual({ statusCode: 200 });

    const connectionId = { S: 'L0SM9cOFvHcCIhw=' };
    expect(sdk.commandCalls(DeleteItemCommand)[0]?.args[0].input).toMatchObject({
      TableName: 'connections',
      Key: { connectionId },
    });
    expect(sdk.commandCalls(BatchWriteItemCommand)[0]?.args[0].input.RequestItems).toEqual({
      subscriptions: [
        { DeleteRequest: { Key: { channelShard: { S: '@all#3' }, connectionId } } },
        { DeleteRequest: { Key: { channelShard: { S: 'open:a#0' }, connectionId } } },
      ],
    });
  });

  it('has nothing left to do for a connection that was forgotten before', async () => {
    sdk.on(DeleteItemCommand).resolves({});

    expect(await handler(disconnectEventFixture())).toEqual({ statusCode: 200 });
    expect(sdk.commandCalls(BatchWriteItemCommand)).toHaveLength(0);
  });
});
