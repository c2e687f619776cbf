import { DynamoDBClient, GetItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { streamEvent } from './stream-records.ts';

vi.mock('fanfare-config', () => ({
  default: () => {
    const packed = {
      subscribe: 'anyone',
      publish: 'anyone',
      members: 'anyone',
      history: { hours: 24 },
      presence: 'none',
      delivery: 'packed',
    };
    return { namespaces: { packed, direct: { ...packed, delivery: 'direct' } }, builtIn: {} };
  },
}));

for (const table of [
  'CONNECTIONS',
  'SUBSCRIPTIONS',
  'CHANNELS',
  'MESSAGES',
  'DELIVERY_CLAIMS',
  'MAILBOXES',
  'HTTP_SESSIONS',
])
  vi.stubEnv(`${table}_TABLE`, table);
vi.stubEnv('DELIVERY_WORKER', 'deliver');
vi.stubEnv('POSTS_PER_SECOND', '1000');
vi.stubEnv('STAGE', 'prod');
vi.stubEnv('MANAGEMENT_ENDPOINT', 'https://api.example/prod');
vi.stubEnv('AWS_REGION', 'us-east-1');
vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');

const sdk = mockClient(DynamoDBClient);
const { handler } = await import('../../lambdas/pack.ts');

const HEAD = { seq: { N: '1007' }, createdAt: { N: '1000' } };

const written = (channel: string, seq: number, after: object = { data: { S: '"a"' } }) => ({
  key: { channel: { S: channel }, seq: { N: String(seq) } },
  after: { time: { N: '1' }, ...after },
});

/** Channels whose turn was taken, or given back. */
const updated = () =>
  sdk.commandCalls(UpdateItemCommand).map(({ args }) => args[0].input.Key?.['channel']?.S);

describe('written messages of packed channels', () => {
  beforeEach(() => {
    sdk.reset();
    sdk.on(GetItemCommand).resolves({ Item: HEAD });
    sdk.on(UpdateItemCommand).resolves({ Attributes: HEAD });
    sdk.on(QueryCommand).resolves({ Items: [] });
  });

  it('make one round of each channel, also if a batch has several of them', async () => {
    const event = streamEvent(
      written('packed:a', 1006),
      written('packed:b', 1007),
      written('packed:a', 1007),
    );

    expect(await handler(event)).toEqual({ batchItemFailures: [] });
    expect(updated().toSorted()).toEqual(['packed:a', 'packed:a', 'packed:b', 'packed:b']);
  });

  it('that were delivered before cost one read', async () => {
    sdk.on(GetItemCommand).resolves({ Item: { ...HEAD, delivered: { N: '1007' } } });

    await handler(streamEvent(written('packed:a', 1007)));

    expect(sdk.calls()).toHaveLength(1);
  });

  it('count with all messages of a batch of the log', async () => {
    sdk.on(GetItemCommand).resolves({ Item: { ...HEAD, delivered: { N: '1006' } } });

    await handler(streamEvent(written('packed:a', 1006, { data: { S: '"a"\n"b"' } })));

    expect(updated()).toEqual(['packed:a', 'packed:a']);
  });

  it.each([
    ['a void number', written('packed:a', 1007, { void: { BOOL: true } })],
    ['a namespace that is direct now', written('direct:a', 1007)],
    ['a namespace that is gone', written('gone:a', 1007)],
  ])('are not those of %s', async (_name, change) => {
    await handler(streamEvent(change));

    expect(sdk.calls()).toEqual([]);
  });

  it('come again if their channel could not be delivered, and the others do not', async () => {
    sdk
      .on(UpdateItemCommand, { Key: { channel: { S: 'packed:b' } } })
      .rejects(new Error('the table takes no writes'));

    const response = await handler(
      streamEvent(written('packed:a', 1006), written('packed:b', 1007), written('packed:b', 1008)),
    );

    expect(response.batchItemFailures).toEqual([
      { itemIdentifier: 'sequence-1' },
      { itemIdentifier: 'sequence-2' },
    ]);
  });
});
