import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { answerFor, presenceItem, stubEnvironment } from './presence-tables.ts';

stubEnvironment('farewell');
const dynamodb = mockClient(DynamoDBClient);
const { handler } = await import('../../lambdas/farewell.ts');

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

    await handler({ lingering: ['ann', 'bob', 'cid', 'dan', 'eve'].map((user) => lingering(user)) });

    expect(gone()).toEqual(['ann']);
  });

  it('waits until the linger of a user is over', async () => {
    const until = Date.now() + 40;
    answerFor(dynamodb, { ann: leaving(until) });

    await handler({ lingering: [lingering('ann', until)] });

    expect(Date.now()).toBeGreaterThanOrEqual(until);
    expect(gone()).toEqual(['ann']);
  });

  it('handles all other users before it fails for one, so that Lambda repeats it', async () => {
    answerFor(dynamodb, { ann: leaving(1), bob: leaving(2) });
    dynamodb
      .on(UpdateItemCommand, { Key: { channel: { S: 'chat:a' }, user: { S: 'ann' } } })
      .rejects(new Error('DynamoDB is down'));

    await expect(handler({ lingering: [lingering('ann'), lingering('bob')] })).rejects.toThrow(
      '1 users could not be settled after they lingered',
    );

    expect(gone()).toContain('bob');
  });

  it.each([undefined, {}, { lingering: [{ user: 'ann' }] }])('refuses %j', async (event) => {
    await expect(handler(event)).rejects.toThrow();
  });
});
