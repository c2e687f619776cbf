import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { eventBridgeMock, streamEvent } from './stream-records.ts';

for (const table of ['SUBSCRIPTIONS', 'CHANNELS', 'OCCUPANCY']) vi.stubEnv(`${table}_TABLE`, table);
vi.stubEnv('EVENT_SOURCE', 'fanfare.prod');
vi.stubEnv('AWS_REGION', 'us-east-1');
vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');

const bridge = eventBridgeMock();
const sdk = mockClient(DynamoDBClient);
const { handler } = await import('../../lambdas/channel-events.ts');

const subscribed = (channelShard: string, connectionId = 'a=') => ({
  key: { channelShard: { S: channelShard }, connectionId: { S: connectionId } },
  after: { expiresAt: { N: '1' } },
});
const told = (channel: string) => ({
  Item: { channel: { S: channel }, occupied: { BOOL: true }, version: { N: '7' }, told: { N: '7' } },
});

describe('changes of subscriptions', () => {
  beforeEach(() => {
    bridge.reset();
    sdk.reset();
    sdk.on(GetItemCommand).resolves({});
    sdk
      .on(QueryCommand)
      .resolves({ Items: [{ connectionId: { S: 'a=' }, expiresAt: { N: '99999999999' } }] });
  });

  /** Channels whose state was read. */
  const looked = () =>
    sdk
      .commandCalls(GetItemCommand, { TableName: 'OCCUPANCY' })
      .map(({ args }) => args[0].input.Key?.['channel']?.S);

  it('cause one look at each channel, for several shards and several changes', async () => {
    sdk.on(GetItemCommand, { TableName: 'OCCUPANCY' }).callsFake(({ Key }) => told(Key.channel.S));

    const response = await handler(
      streamEvent(subscribed('chat:a#0'), subscribed('chat:a#3', 'b='), subscribed('@user:ann#0')),
    );

    expect(looked()).toEqual(['chat:a', '@user:ann']);
    expect(response).toEqual({ batchItemFailures: [] });
    expect(bridge.put()).toEqual([]);
  });

  it('send that a channel is occupied before the event is noted as sent', async () => {
    const stored = {
      channel: { S: 'chat:a' },
      occupied: { BOOL: true },
      version: { N: '7' },
      told: { N: '0' },
    };
    sdk.on(GetItemCommand, { TableName: 'OCCUPANCY' }).resolvesOnce({ Item: stored });
    sdk.on(UpdateItemCommand).callsFake(() => {
      expect(bridge.put()).toHaveLength(1);
      return {};
    });

    await handler(streamEvent(subscribed('chat:a#0')));

    expect(bridge.put()).toMatchObject([
      {
        source: 'fanfare.prod',
        type: 'channel occupied',
        detail: { id: 'channel occupied#chat:a#7', time: 7, channel: 'chat:a', version: 7 },
      },
    ]);
    expect(sdk.commandCalls(UpdateItemCommand)).toHaveLength(1);
    expect(sdk.commandCalls(PutItemCommand)).toHaveLength(0);
  });

  it('are repeated for a channel that failed, and for no other channel', async () => {
    sdk.on(GetItemCommand, { TableName: 'OCCUPANCY' }).callsFake(({ Key }) => {
      if (Key.channel.S === 'chat:bad') throw new Error('no table');
      return told(Key.channel.S);
    });

    const response = await handler(
      streamEvent(subscribed('chat:good#0'), subscribed('chat:bad#0'), subscribed('chat:bad#1')),
    );

    expect(response).toEqual({
      batchItemFailures: [{ itemIdentifier: 'sequence-1' }, { itemIdentifier: 'sequence-2' }],
    });
  });
});
