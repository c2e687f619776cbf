import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { answerFor, presenceItem, stubEnvironment } from './presence-tables.ts';

stubEnvironment('farewell');
const dynamodb = mockClient(DynamoDBClient);
const { handler } = await import('../../lambdas/farewell.ts');

const within = { getRemainingTimeInMillis: () => 900_000 };
const SHIFT = { channel: { S: '#shift' }, user: { S: '-' } };

const leaving = (until: number) => presenceItem('leaving', [], { until: { N: String(until) } });
const lingering = (user: string, until = 0) => ({ channel: 'chat:a', user, until });
const gone = () =>
  dynamodb
    .commandCalls(UpdateItemCommand)
    .map(({ args }) => args[0].input)
    .filter(({ ExpressionAttributeValues }) => ExpressionAttributeValues?.[':state']?.S === 'gone')
    .map(({ Key }) => Key?.['user']?.S);

describe('the function farewell', () => {
  beforeEach(() => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    dynamodb.reset();
  });

  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('ends the presence of users who have not come back, and of no other user', async () => {
    answerFor(dynamodb, {
      ann: leaving(1),
      bob: presenceItem('here', ['b=']),
      cid: leaving(Date.now() + 60_000),
      dan: presenceItem('gone', []),
    });

    await handler({ lingering: ['ann', 'bob', 'cid', 'dan', 'eve'].map((user) => lingering(user)) }, within);

    expect(gone()).toEqual(['ann']);
  });

  it('waits for users whom the version before has named before their linger is over', async () => {
    const until = Date.now() + 40;
    answerFor(dynamodb, { ann: leaving(until) });

    await handler({ lingering: [lingering('ann', until)] }, within);

    expect(Date.now()).toBeGreaterThanOrEqual(until);
    expect(gone()).toEqual(['ann']);
  });

  it('handles the due list of all lanes, and ends its shift', async () => {
    answerFor(dynamodb, { ann: leaving(1) });
    dynamodb
      .on(QueryCommand, { IndexName: 'DUE_INDEX' })
      .resolvesOnce({ Items: [{ channel: { S: 'chat:a' }, user: { S: 'ann' }, until: { N: '1' } }] })
      .resolves({ Items: [] });
    dynamodb.on(UpdateItemCommand, { Key: SHIFT }).resolves({
      Attributes: {
        worker: { S: 'batch 7' },
        shiftUntil: { N: String(Date.now() + 30_000) },
        notes: { N: '1' },
      },
    });

    await handler({ worker: 'batch 7' }, within);

    expect(gone()).toEqual(['ann']);
    const lanes = dynamodb
      .commandCalls(QueryCommand, { IndexName: 'DUE_INDEX' })
      .map(({ args }) => args[0].input.ExpressionAttributeValues?.[':lane']?.N);
    expect(new Set(lanes).size).toBe(8);
    const [last] = dynamodb
      .commandCalls(UpdateItemCommand, { Key: SHIFT })
      .toReversed()
      .map(({ args }) => args[0].input);
    expect(last?.UpdateExpression).toBe('SET #until = :zero');
  });

  it('does nothing while another worker has the shift', async () => {
    dynamodb
      .on(UpdateItemCommand, { Key: SHIFT })
      .rejects(new ConditionalCheckFailedException({ $metadata: {}, message: 'taken' }));

    await handler({ worker: 'batch 8' }, within);

    expect(dynamodb.commandCalls(QueryCommand)).toEqual([]);
  });

  it('handles all other users before it fails for one, so that Lambda repeats it', async () => {
    answerFor(dynamodb, { ann: leaving(1), bob: leaving(2) });
    dynamodb
      .on(UpdateItemCommand, { Key: { channel: { S: 'chat:a' }, user: { S: 'ann' } } })
      .rejects(new Error('DynamoDB is down'));

    await expect(handler({ lingering: [lingering('ann'), lingering('bob')] }, within)).rejects.toThrow(
      '1 users could not be settled',
    );

    expect(gone()).toContain('bob');
  });

  it.each([undefined, {}, { lingering: [{ user: 'ann' }] }])('refuses %j', async (event) => {
    await expect(handler(event, within)).rejects.toThrow();
  });
});
