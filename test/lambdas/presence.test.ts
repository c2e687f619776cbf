import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { answerFor, END, presenceItem, stubEnvironment } from './presence-tables.ts';

stubEnvironment('presence');
const dynamodb = mockClient(DynamoDBClient);
const lambda = mockClient(LambdaClient);
const { handler } = await import('../../lambdas/presence.ts');

const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
let sequence = 0;

/** A change of a subscription that counts. */
function record(eventName: 'INSERT' | 'REMOVE', user: string, connectionId: string, channel = 'chat:a') {
  sequence += 1;
  const key = { channelShard: { S: `${channel}#2` }, connectionId: { S: connectionId } };
  const image = { ...key, user: { S: user }, isMember: { BOOL: true } };
  return {
    eventName,
    dynamodb: {
      ApproximateCreationDateTime: 1_795_375_600,
      Keys: key,
      ...(eventName === 'INSERT' ? { NewImage: image } : { OldImage: image }),
      SequenceNumber: String(sequence),
    },
  };
}

const writes = () =>
  dynamodb
    .commandCalls(UpdateItemCommand)
    .map(({ args }) => args[0].input)
    .filter(({ UpdateExpression }) => UpdateExpression?.includes('#state'));
const started = () =>
  lambda.commandCalls(InvokeCommand).map(({ args }) => {
    const { FunctionName, InvocationType, Payload } = args[0].input;
    return { FunctionName, InvocationType, payload: JSON.parse(String(Payload)) };
  });

describe('the function that keeps presence', () => {
  beforeEach(() => {
    warn.mockClear();
    sequence = 0;
    dynamodb.reset();
    lambda.reset();
    lambda.on(InvokeCommand).resolves({});
    answerFor(dynamodb, {});
  });

  it('looks at the subscriptions that records name, in the shard where they are', async () => {
    dynamodb
      .on(GetItemCommand, { TableName: 'SUBSCRIPTIONS_TABLE' })
      .resolves({ Item: { isMember: { BOOL: true }, expiresAt: { N: String(END) } } });

    expect(await handler({ Records: [record('INSERT', 'ann', 'a=')] })).toEqual({ batchItemFailures: [] });

    const [look] = dynamodb
      .commandCalls(GetItemCommand, { TableName: 'SUBSCRIPTIONS_TABLE' })
      .map(({ args }) => args[0].input);
    expect(look).toMatchObject({
      Key: { channelShard: { S: 'chat:a#2' }, connectionId: { S: 'a=' } },
      ConsistentRead: true,
    });
    expect(writes()).toMatchObject([
      {
        TableName: 'PRESENCE_TABLE',
        Key: { channel: { S: 'chat:a' }, user: { S: 'ann' } },
        ExpressionAttributeValues: {
          ':state': { S: 'here' },
          ':connections': { M: { 'a=': { N: String(END) } } },
        },
      },
    ]);
  });

  it('looks once at all connections of a user that a batch names', async () => {
    await handler({
      Records: [
        record('INSERT', 'ann', 'a='),
        record('REMOVE', 'ann', 'a='),
        record('INSERT', 'ann', 'b='),
        record('INSERT', 'bob', 'c='),
        record('INSERT', 'ann', 'd=', 'chat:b'),
      ],
    });

    expect(writes().map(({ Key }) => [Key?.['channel']?.S, Key?.['user']?.S])).toEqual([
      ['chat:a', 'ann'],
      ['chat:a', 'bob'],
      ['chat:b', 'ann'],
    ]);
    expect(dynamodb.commandCalls(GetItemCommand, { TableName: 'SUBSCRIPTIONS_TABLE' })).toHaveLength(4);
  });

  it('calls the worker once for all users who leave, and they linger as long as their namespace says', async () => {
    answerFor(dynamodb, {
      ann: presenceItem('here', ['a=']),
      bob: presenceItem('leaving', [], { until: { N: String(Date.now() + 5_000) } }),
      cid: presenceItem('here', ['c=', 'other=']),
    });
    const before = Date.now();

    await handler({
      Records: ['ann', 'bob', 'cid'].map((user) => record('REMOVE', user, `${user[0]}=`)),
    });

    expect(started()).toEqual([
      { FunctionName: 'FAREWELL_WORKER', InvocationType: 'Event', payload: { worker: '1' } },
    ]);
    const [leaving] = writes().filter(({ Key }) => Key?.['user']?.S === 'ann');
    const { ':state': state, ':until': until } = leaving?.ExpressionAttributeValues ?? {};
    expect(state).toEqual({ S: 'leaving' });
    expect(Number(until?.N)).toBeGreaterThanOrEqual(before + 10_000);
    expect(Number(until?.N)).toBeLessThanOrEqual(Date.now() + 10_000);
  });

  it('starts no worker while another one has the shift, and leaves a note for it', async () => {
    answerFor(dynamodb, { ann: presenceItem('here', ['a=']) });
    dynamodb.on(UpdateItemCommand, { Key: { channel: { S: '#shift' }, user: { S: '-' } } }).resolves({
      Attributes: {
        worker: { S: 'other' },
        shiftUntil: { N: String(Date.now() + 30_000) },
        notes: { N: '4' },
      },
    });

    await handler({ Records: [record('REMOVE', 'ann', 'a=')] });

    expect(started()).toEqual([]);
    const notes = dynamodb
      .commandCalls(UpdateItemCommand)
      .filter(({ args }) => args[0].input.UpdateExpression === 'ADD notes :one');
    expect(notes).toHaveLength(1);
  });

  it.each(['gone:a', 'constructor:a'])(
    'lets no user linger in %s, whose namespace this configuration does not have',
    async (channel) => {
      answerFor(dynamodb, { ann: presenceItem('here', ['a=']) });

      await handler({ Records: [record('REMOVE', 'ann', 'a=', channel)] });

      expect(writes()).toMatchObject([{ ExpressionAttributeValues: { ':state': { S: 'gone' } } }]);
      expect(started()).toEqual([]);
    },
  );

  it('asks only for the records of users for whom it failed again', async () => {
    dynamodb
      .on(UpdateItemCommand, { Key: { channel: { S: 'chat:a' }, user: { S: 'bob' } } })
      .rejects(new Error('DynamoDB is down'));

    const response = await handler({
      Records: [record('INSERT', 'ann', 'a='), record('INSERT', 'bob', 'b='), record('REMOVE', 'bob', 'b=')],
    });

    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }, { itemIdentifier: '3' }] });
    expect(writes().some(({ Key }) => Key?.['user']?.S === 'ann')).toBe(true);
  });

  it('fails as a whole when the worker cannot be started, so that Lambda repeats the batch', async () => {
    answerFor(dynamodb, { ann: presenceItem('here', ['a=']) });
    lambda.on(InvokeCommand).rejects(new Error('throttled'));

    await expect(handler({ Records: [record('REMOVE', 'ann', 'a=')] })).rejects.toThrow('throttled');
  });

  it('writes no name of a user to the log', async () => {
    dynamodb.on(UpdateItemCommand).rejects(new Error('DynamoDB is down'));

    await handler({ Records: [record('INSERT', 'secret-name', 'a=')] });

    const printed = JSON.stringify(warn.mock.calls);
    expect(printed).toContain('DynamoDB is down');
    expect(printed).not.toContain('secret-name');
  });
});
