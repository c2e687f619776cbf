import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { dynamoCharges } from '../../../lambdas/aws/dynamo-charges.ts';

const NOW = 1_000_000;
const dynamodb = mockClient(DynamoDBClient);

const refusal = (Item?: Record<string, AttributeValue>) =>
  new ConditionalCheckFailedException({ message: 'no', $metadata: {}, ...(Item && { Item }) });
const busyUntil = (moment: number) => ({ connectionId: { S: 'me=' }, busyUntil: { N: String(moment) } });
let isStored: boolean;
const charge = (isBusy: boolean, isKnown = true) => {
  const store = dynamoCharges(new DynamoDBClient(), 'charges', { isStored: async () => isStored });
  return store.charge('me=', { costMs: 100, burstMs: 1_000, now: NOW, isBusy, isKnown });
};

beforeEach(() => {
  isStored = true;
});

beforeEach(() => dynamodb.reset());

describe('a charge of a connection in DynamoDB', () => {
  it.each([true, false])(
    'takes one request when it is refused, after either guess: busy %s',
    async (isBusy) => {
      dynamodb.on(UpdateItemCommand).rejects(refusal(busyUntil(NOW + 901)));

      expect(await charge(isBusy)).toEqual({ kind: 'limited', busyUntil: NOW + 901 });
      expect(dynamodb.calls()).toHaveLength(1);
    },
  );

  it('takes two requests when the guess was wrong', async () => {
    dynamodb
      .on(UpdateItemCommand)
      .rejectsOnce(refusal(busyUntil(NOW + 900)))
      .resolves({ Attributes: busyUntil(NOW + 1_000) });

    expect(await charge(false)).toEqual({ kind: 'charged', busyUntil: NOW + 1_000 });
    expect(dynamodb.calls()).toHaveLength(2);
  });

  it('reads the item when the refusal of an idle connection does not contain it', async () => {
    dynamodb.on(UpdateItemCommand).rejects(refusal());
    dynamodb.on(GetItemCommand).resolves({ Item: busyUntil(NOW + 950) });

    expect(await charge(false)).toEqual({ kind: 'limited', busyUntil: NOW + 950 });
    expect(dynamodb.commandCalls(GetItemCommand)).toHaveLength(1);
  });

  it('of a connection that is thought busy, and has no item any more, begins from now', async () => {
    dynamodb
      .on(UpdateItemCommand)
      .rejectsOnce(refusal())
      .resolves({ Attributes: busyUntil(NOW + 100) });

    expect(await charge(true)).toEqual({ kind: 'charged', busyUntil: NOW + 100 });
    expect(dynamodb.calls()).toHaveLength(2);
  });

  it('is kept a minute longer than it can keep a connection busy', async () => {
    dynamodb.on(UpdateItemCommand).resolves({ Attributes: busyUntil(NOW + 100) });

    await charge(false);

    const [update] = dynamodb.commandCalls(UpdateItemCommand);
    expect(update?.args[0].input).toMatchObject({
      TableName: 'charges',
      ExpressionAttributeValues: { ':expiresAt': { N: String((NOW + 61_000) / 1000) } },
    });
  });

  it.each([
    ['known', true, 'charged'],
    ['unknown', false, 'gone'],
  ])('of a connection that is not stored, and is %s to the caller: %s', async (_what, isKnown, kind) => {
    isStored = false;
    dynamodb.on(UpdateItemCommand).resolves({ Attributes: busyUntil(NOW + 100) });

    expect(await charge(false, isKnown)).toMatchObject({ kind });
  });

  it('throws an error that is not a refusal', async () => {
    dynamodb.on(UpdateItemCommand).rejects(new Error('no table'));

    await expect(charge(true)).rejects.toThrow('no table');
  });
});
